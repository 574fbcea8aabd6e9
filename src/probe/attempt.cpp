#include "probe/attempt.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "core/evaluate.h"
#include "probe/errno_map.h"
#include "probe/probe_plan.h"

namespace tocsin {
namespace {

// How long a deadline is put off when a last look shows that the answer has come and only its event
// has not.
constexpr Duration kGrace = 50ms;
constexpr Duration kAskKernel = 20ms;  // below it no stall is worth a system call

}  // namespace

void ProbeAttempt::begin(ProbeRequest request, Connection& home, uint64_t token, SteadyTime now) {
  CHECK(state_ == State::ended && live_.empty(), "an attempt is begun when the last one has ended");
  request_ = std::move(request);
  token_ = token;
  held_ = &home;
  grace_used_ = has_connected_ = in_full_ = lacks_slot_ = false;
  has_dns_ = dns_cached_ = stale_dns_ = awaits_rest_ = false;
  lack_.reset();
  rest_error_.reset();
  rest_.reset();
  lost_since_ = {};
  addresses_.clear();
  address_ = left_out_ = 0;
  answer_.reset();
  before_.reset();
  named_.clear();
  phases_told_ = 0;
  result_.reset();
  auto unreadable = unreadable_files();
  // That reading files takes is none of the target's time.
  started_ = speaks_tls(monitor()) ? tools_.clock.steady_now() : now;
  time_since_ = resolved_ = connecting_since_ = started_;
  started_at_ = tools_.clock.system_now();
  own_delay_.begin(tools_.turn, started_);
  dns_delay_ = Duration(0);
  missing_.reset();
  judge_at_ = deadline();
  const Target& target = monitor().target.is_unix() ? monitor().target : first_stop(monitor());
  if (auto refused = unreadable ? std::move(unreadable) : refused_way()) {
    finish(started_, std::move(refused));
    return;
  }
  if (target.is_unix()) {
    addresses_.emplace_back();
  } else if (!target.literal()) {
    resolve();
    return;
  } else if (!monitor().proxy && is_unfit(monitor(), *target.literal())) {
    finish(started_, ProbeError{ErrorCode::no_address_of_family, Phase::dns,
                                fmt::format("{} is not an address of {}", target.host(),
                                            ip_family_name(monitor().ip_family))});
    return;
  } else {
    addresses_.push_back(*target.literal());
  }
  begin_connecting(started_);
}

ProbeResult& ProbeAttempt::facts() {
  if (!result_) {
    result_ = tools_.pool.blank_result();
    result_->id = request_.id;
    result_->started = started_at_;
    if (request_.id.monitor.value != 0) {
      result_->scheduling_delay = std::max(Duration(0), started_at_ - request_.id.slot);
    }
    if (has_dns_) {
      result_->phases.dns = resolved_ - started_;
    }
    result_->dns_cached = dns_cached_;
    result_->stale_dns = stale_dns_;
  }
  return *result_;
}

// --- connect

void ProbeAttempt::begin_connecting(SteadyTime now) {
  state_ = State::connecting;
  connecting_since_ = now;
  const bool one_by_one = probes_each_address(monitor());
  race_.begin(one_by_one ? address_ : 0, one_by_one ? 1 : addresses_.size(), now);
  start_connects(now);
}

// Starts what the race allows, and ends the attempt when it is lost.
void ProbeAttempt::start_connects(SteadyTime now) {
  while (const auto address = race_.next(now)) {
    if (held_ == nullptr) {
      held_ = tools_.pool.spare();
    }
    if (held_ == nullptr) {
      race_.postpone();
      lacks_slot_ = true;
      break;
    }
    lacks_slot_ = false;
    connect_one(*address, now);
  }
  if (race_.is_lost() && awaits_rest_) {
    lost_since_ = lost_since_ == SteadyTime{} ? now : lost_since_;
  } else if (race_.is_lost()) {
    if (auto lacking = lacking_rest()) {
      finish(now, on_the_way(*std::move(lacking)));
      return;
    }
    AddressRace::Failure failure = lost_race();
    (monitor().proxy ? facts().proxy.emplace().address : facts().remote) = stop(failure.address);
    finish(now, on_the_way(std::move(failure.error)));
    return;
  }
  rearm();
}

void ProbeAttempt::connect_one(size_t address, SteadyTime now) {
  const SocketAddress to = stop(address);
  if (auto why = tools_.reach.refuse(to, request_.role)) {
    race_.failed(address, {ErrorCode::reach_denied, Phase::connect, std::move(*why)});
    return;
  }
  Connection* connection = std::exchange(held_, nullptr);
  live_.push_back({connection, address, now});
  has_connected_ = true;
  connection->open(
      *this, to,
      {.accept_less = close_of(monitor()) == CloseMode::quiet, .source = source_for(to)});
}

void ProbeAttempt::on_open(Connection& connection, int error, SteadyTime at) {
  if (is_witness(connection)) {
    if (error != 0) {
      dismiss_witness(CloseMode::rst);
      return;
    }
    connection.write(talk_->tunnel->question_to_itself());
    connection.start_reading();
    return;
  }
  const auto found = std::ranges::find(live_, &connection, &Live::connection);
  CHECK(found != live_.end(), "a connection that opens is one of ours");
  const Live live = *found;
  live_.erase(found);
  const KernelFacts known = tools_.io.facts(connection.slot());
  facts().syn_retransmits = known.syn_retransmits;
  const SocketAddress to = stop(live.address);
  if (error != 0) {
    ProbeError told = connect_failure(live, error, known);
    note_lack(error, to, told);
    connect_failed(live, std::move(told));
  } else if (known.to_itself) {
    connect_failed(live, {ErrorCode::tcp_refused, Phase::connect, std::string(kConnectedToItself)});
  } else {
    opened(live, known, at);
    return;
  }
  start_connects(at);
}

// A router's word may look like our own rules; only what the error was taken for counts.
void ProbeAttempt::note_lack(int error, const SocketAddress& to, const ProbeError& told) {
  const Shortage shortage = shortage_of(error, to);
  if (shortage != Shortage::none && told.code == ErrorCode::local_resource && !lack_) {
    lack_ = Lack{shortage, told};
  }
}

void ProbeAttempt::connect_failed(Live live, ProbeError error) {
  live.connection->abandon(CloseMode::rst);
  if (held_ == nullptr) {
    held_ = live.connection;
  } else {
    tools_.pool.give_back(*live.connection);
  }
  race_.failed(live.address, std::move(error));
}

bool ProbeAttempt::wants_local() const {
  return request_.id.monitor.value == 0 || needs_tls(monitor()) || needs_dialogue(monitor());
}

void ProbeAttempt::opened(Live winner, const KernelFacts& known, SteadyTime at) {
  stop_asking();
  leave_connections(false);
  current_ = winner.connection;
  // The kernel has timed this itself, unless it had to send the SYN again: so it was open before we
  // were told.
  if (known.rtt && known.syn_retransmits == 0 && winner.since + *known.rtt < at) {
    own_delay_.told_late(tools_.turn, at - (winner.since + *known.rtt));
    at = winner.since + *known.rtt;
  }
  if (monitor().proxy) {
    begin_tunnel(winner, at);
    return;
  }
  ProbeResult& result = facts();
  result.remote = stop(winner.address);
  result.kernel_rtt = known.rtt;
  result.reset_after_verdict = known.reset && !needs_tls(monitor()) && !needs_dialogue(monitor());
  go_on_connected(at);
}

// The way to the target is open: what the check is about begins.
void ProbeAttempt::go_on_connected(SteadyTime at) {
  ProbeResult& result = facts();
  result.phases.connect = at - connecting_since_;
  if (wants_local()) {
    result.local = tools_.io.local_address(current_->slot());
  }
  tell_phases(at);
  if (needs_tls(monitor()) || needs_dialogue(monitor())) {
    talk_ = Talk{.phase_end = at};
  }
  if (needs_tls(monitor())) {
    begin_tls(at);
  } else if (needs_dialogue(monitor())) {
    begin_talking(at);
  } else {
    finish(at, std::nullopt);
  }
}

// --- time

void ProbeAttempt::note_event(const IoEvent& event, SteadyTime now) {
  const Duration waited = own_delay_.since_last_step(event.at);
  own_delay_.on_event(tools_.turn, event.at, now);
  // A process that is stopped inside its wait learns nothing of it; the kernel went on meanwhile
  // and knows when the bytes came. Asked only when they took long.
  if (event.kind == IoKind::received && event.bytes > 0 && waited > kAskKernel) {
    if (const auto age = tools_.io.since_last_data(event.slot); age && *age > kLookSlack) {
      own_delay_.at_least(std::min(waited, event.at - (now - *age)));
    }
  }
}

// At the deadline only judge_at_ counts, which may be put off.
bool ProbeAttempt::has_wish_to_wake() const {
  return (state_ == State::talking || state_ == State::listening || state_ == State::tunneling) &&
         talk_->wake_at < deadline();
}

void ProbeAttempt::rearm() {
  SteadyTime at = judge_at_;
  if (state_ == State::connecting) {
    at = std::min(at, race_.wake_at());
  } else if (has_wish_to_wake()) {
    at = std::min(at, talk_->wake_at);
  }
  tools_.pool.arm(*this, at);
}

void ProbeAttempt::on_time(SteadyTime now) {
  if (state_ == State::ended) {
    return;
  }
  if (now >= judge_at_) {
    on_deadline(now);
  } else if (state_ == State::connecting) {
    if (now > race_.wake_at()) {
      own_delay_.add(now - race_.wake_at());
    }
    start_connects(now);
  } else if (has_wish_to_wake() && now >= talk_->wake_at) {
    on_quiet(now);
  } else {
    rearm();
  }
}

// The peer seems to have said all. What it has said while our loop was elsewhere is only not yet
// read.
void ProbeAttempt::on_quiet(SteadyTime now) {
  if (state_ == State::tunneling) {
    ask_proxy_itself();
    return;
  }
  if (tools_.io.poll_now(current_->slot())) {
    talk_->wake_at = now + kGrace;
    rearm();
    return;
  }
  if (state_ == State::listening) {
    end_listening();
    return;
  }
  // However late we are: the deadline is judged by on_deadline alone.
  apply(talk_->dialogue->on_time(std::min(now, deadline() - Duration(1))));
}

// True when the time of which our own delay has robbed the peer is given back: judged is later. A
// timeout accuses the target only after its full time; where too much is missing it will not.
bool ProbeAttempt::make_up(SteadyTime now) {
  own_delay_.on_look(tools_.turn, now);
  const Duration own = delay_of_timeout();
  missing_ = std::max(Duration(0), monitor().timeout - (now - time_since_ - own));
  if (*missing_ == Duration(0) || own > kLateTolerance) {
    return false;
  }
  judge_at_ = now + *missing_ + kLookSlack;
  rearm();
  return true;
}

// The time is up: a last look whether the answer is there and only its event is not, then
// judgement.
void ProbeAttempt::on_deadline(SteadyTime now) {
  const auto has_answer = [&](const Connection* connection) {
    return tools_.io.poll_now(connection->slot());
  };
  const auto computing = current_ == nullptr ? std::nullopt : current_->computing_since();
  if (computing && grace_used_) {
    own_delay_.add(now - *computing);
  }
  const bool is_answered = (current_ != nullptr && (computing || has_answer(current_))) ||
                           std::ranges::any_of(live_, has_answer, &Live::connection);
  if (is_answered && !grace_used_) {
    grace_used_ = true;
    judge_at_ = now + kGrace;
    rearm();
    return;
  }
  if (state_ == State::listening) {
    end_listening();
    return;
  }
  if (make_up(now)) {
    return;
  }
  // Half an answer is judged only when the peer had the time for the other half.
  if (state_ == State::talking && missing_ == Duration(0)) {
    Dialogue::Action action = talk_->dialogue->on_time(std::max(now, deadline()));
    CHECK(action.done, "a dialogue ends with its deadline");
    apply(std::move(action));
    return;
  }
  if (state_ == State::resolving) {
    asked_->cancel(token_);
    resolved_ = connecting_since_ = deadline();
    has_dns_ = true;
  }
  auto lacking = state_ == State::connecting ? lacking_rest() : std::nullopt;
  finish(deadline(), on_the_way(lacking ? *std::move(lacking) : timeout_error()));
}

ProbeError ProbeAttempt::timeout_error() const {
  const std::string within = duration_text(monitor().timeout);
  if (state_ == State::resolving) {
    return {ErrorCode::dns_timeout, Phase::dns,
            fmt::format("no answer of the resolver within {}", within)};
  }
  if (state_ == State::tunneling) {
    return tunnel_silence();
  }
  if (state_ == State::securing) {
    return {ErrorCode::timeout, Phase::tls,
            fmt::format("the TLS handshake did not end within {}", within)};
  }
  if (state_ == State::talking) {
    return in_its_phase({ErrorCode::timeout, Phase::data,
                         fmt::format("the answer was not complete within {}", within)});
  }
  std::string tried;
  for (const Live& each : live_) {
    const uint32_t again = tools_.io.facts(each.connection->slot()).syn_retransmits;
    tried += fmt::format("{}{}{}", tried.empty() ? "" : ", ", stop(each.address).text(),
                         again == 0 ? "" : fmt::format(" ({} SYN sent again)", again));
  }
  return {ErrorCode::timeout, Phase::connect,
          fmt::format("no answer from {} within {}", tried, within)};
}

}  // namespace tocsin
