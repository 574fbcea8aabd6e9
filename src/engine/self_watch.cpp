#include "engine/self_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/assert_compare.h"

namespace tocsin {
namespace {

constexpr Duration kListenerTimeout = 500ms;  // it answers in microseconds, or not at all
constexpr Duration kBlackHoleTimeout = 1s;
constexpr Duration kAskEvery = 500ms;  // when nobody wants to know
constexpr Duration kBlackHoleEvery = 10s;
constexpr uint32_t kInVainMax = 3;  // then what waits is not known
constexpr Duration kLateTold = 250ms;

std::shared_ptr<const Monitor> canary(std::string id, const std::optional<SocketAddress>& address,
                                      Duration timeout) {
  if (!address) {
    return nullptr;
  }
  auto monitor = std::make_shared<Monitor>();
  monitor->id = monitor->name = std::move(id);
  monitor->target = Target::parse(address->text()).value();
  monitor->timeout = timeout;
  monitor->source = address->ip;    // whatever the server's own is: it is about this machine alone
  monitor->close = CloseMode::rst;  // nothing rests, and nobody is there to be polite to
  return monitor;
}

}  // namespace

SelfWatch::SelfWatch(const Clock& clock, const Journal& journal, const CanaryAddresses& addresses)
    : clock_(clock),
      journal_(journal),
      listener_(canary("canary", addresses.listener, kListenerTimeout)),
      black_hole_(canary("black hole", addresses.black_hole, kBlackHoleTimeout)),
      empty_queue_(addresses.empty_queue) {
  view_.is_watching = listener_ != nullptr;
}

// What a peer said is a fact; that nobody spoke, that somebody else said no, or that it took long,
// may be ours. A name is the resolver's, which has a canary of its own.
bool SelfWatch::doubts(const Monitor& monitor, const Attempt& attempt) const {
  const Evaluation& evaluation = attempt.evaluation;
  const auto is_networks = [](const ProbeError& error) {
    return error.phase != Phase::dns && error_info(error.code).side == ErrorSide::network;
  };
  // Where silence is wanted, ours would do as well.
  const bool wants_failure = monitor.should_fail || monitor.expect != Expectation::open;
  if (listener_ != nullptr && evaluation.verdict == Verdict::passed && wants_failure) {
    return attempt.result.error && is_networks(*attempt.result.error);
  }
  const bool accuses =
      evaluation.verdict == Verdict::failed || evaluation.verdict == Verdict::degraded;
  if (listener_ == nullptr || !accuses || !evaluation.error) {
    return false;
  }
  const ProbeError& error = *evaluation.error;
  const bool is_slow = error.code == ErrorCode::too_slow ||
                       std::ranges::any_of(evaluation.assertions, [&](const AssertionResult& each) {
                         return !each.passed && is_time(monitor.assertions[each.index].source);
                       });
  return is_slow || is_networks(error);
}

void SelfWatch::vouch(SteadyTime since, Vouched done) {
  waiting_.push_back({since, std::move(done)});
  next_ask_ = SteadyTime{};
}

void SelfWatch::advance(SteadyTime now) {
  if (listener_ != nullptr && !is_asking_ && now >= next_ask_) {
    next_ask_ = now + kAskEvery;
    ask();
  }
  if (black_hole_ != nullptr && !is_black_hole_asked_ && now >= next_black_hole_) {
    next_black_hole_ = now + kBlackHoleEvery;
    is_black_hole_asked_ = true;
    black_hole_since_ = now;
    probe_(black_hole_, [this](const Attempt& attempt) { on_black_hole(attempt); });
  }
}

SteadyTime SelfWatch::next_deadline() const {
  const SteadyTime ask = listener_ == nullptr || is_asking_ ? kNever : next_ask_;
  const SteadyTime hole =
      black_hole_ == nullptr || is_black_hole_asked_ ? kNever : next_black_hole_;
  return std::min(ask, hole);
}

void SelfWatch::ask() {
  is_asking_ = true;
  asked_at_ = clock_.steady_now();
  std::ranges::move(waiting_, std::back_inserter(asked_));
  waiting_.clear();
  if (empty_queue_) {
    empty_queue_();
  }
  probe_(listener_, [this](const Attempt& attempt) { on_listener(attempt); });
}

void SelfWatch::on_listener(const Attempt& attempt) {
  is_asking_ = false;
  if (!waiting_.empty()) {
    next_ask_ = SteadyTime{};
  }
  const Evaluation& seen = attempt.evaluation;
  // Without a route to our own port we are deaf, beyond doubt.
  const bool is_offline = seen.error && seen.error->code == ErrorCode::self_offline;
  if (seen.verdict == Verdict::unknown && !is_offline && ++in_vain_ < kInVainMax) {
    next_ask_ = SteadyTime{};  // it could not be asked: again, for the same askers
    return;
  }
  in_vain_ = 0;
  if (seen.verdict == Verdict::passed) {
    if (!view_.answers) {
      deaf_until_ = asked_at_;
      journal_.info("our own port answers again", {});
    }
    view_.answers = true;
    view_.why.clear();
    settle(std::nullopt);
    return;
  }
  if (view_.answers) {
    journal_.warning("our own port does not answer: failures are not believed",
                     {{"why", seen.reason}});
  }
  view_.answers = false;
  view_.why = seen.reason;
  const bool is_known = seen.verdict == Verdict::failed || is_offline;
  settle(ProbeError{is_known ? ErrorCode::self_offline : ErrorCode::overloaded, Phase::connect,
                    fmt::format("a port of our own did not answer either: {}", seen.reason)});
}

void SelfWatch::on_black_hole(const Attempt& attempt) {
  is_black_hole_asked_ = false;
  const Evaluation& seen = attempt.evaluation;
  if (seen.verdict == Verdict::unknown) {
    return;  // not made, or not on time: the next one tells
  }
  const bool is_black = seen.error && seen.error->code == ErrorCode::timeout;
  if (!is_black && view_.is_black) {
    journal_.warning("something answers for a port of ours that is silent", {{"why", seen.reason}});
  }
  view_.is_black = is_black;
  view_.late = std::max(Duration(0), clock_.steady_now() - black_hole_since_ - kBlackHoleTimeout);
  if (view_.late > kLateTold) {
    journal_.warning("a timeout of one second came late", {{"late", duration_text(view_.late)}});
  }
}

void SelfWatch::settle(const std::optional<ProbeError>& doubt) {
  for (const Asker& each : std::exchange(asked_, {})) {
    std::optional<ProbeError> why = doubt;
    if (!why && each.since < deaf_until_) {
      why = ProbeError{ErrorCode::self_offline, Phase::connect,
                       "a port of our own did not answer while this check was under way"};
    }
    withheld_ += why ? 1 : 0;
    each.done(why);
  }
}

}  // namespace tocsin
