// What an attempt learns of its name: when it asks, which addresses it takes, and what comes late.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "probe/attempt.h"
#include "probe/probe_plan.h"

namespace tocsin {

void ProbeAttempt::resolve() {
  state_ = State::resolving;
  const auto resolver = tools_.resolver.asking(monitor().resolver);
  if (!resolver) {
    finish(started_, resolver.error());
    return;
  }
  asked_ = *resolver;
  const auto ask = request_.asks_anew ? &Resolver::ask_now : &Resolver::resolve;
  auto at_once = (asked_->*ask)(first_stop(monitor()).host(), wish_of(monitor()), deadline(),
                                token_, tools_.resolve_sink);
  if (at_once) {
    take_answer(*std::move(at_once), tools_.clock.steady_now());
  } else {
    rearm();
  }
}

void ProbeAttempt::on_resolved(const ResolveAnswer& answer) {
  if (state_ == State::resolving && !answer_) {
    answer_ = answer;
    resolved_ = tools_.clock.steady_now();
  } else if (state_ == State::resolving || awaits_rest_) {
    rest_ = answer;
  }
}

void ProbeAttempt::continue_resolved() {
  if (state_ == State::resolving && answer_) {
    ResolveAnswer answer = *answer_.take();
    own_delay_.on_event(tools_.turn, resolved_, tools_.clock.steady_now());
    take_answer(std::move(answer), resolved_);
  }
  if (awaits_rest_ && rest_) {
    take_rest(*rest_.take());
    start_connects(tools_.clock.steady_now());
  }
}

// With an old address, after we waited for our own resolver: the time of the service begins here.
void ProbeAttempt::begin_anew() {
  started_ = time_since_ = resolved_ = connecting_since_ = tools_.clock.steady_now();
  own_delay_.begin(tools_.turn, started_);
  judge_at_ = deadline();
  stale_dns_ = true;
  if (result_) {
    result_->stale_dns = true;
    result_->phases.dns = Duration(0);
  }
}

void ProbeAttempt::take_answer(ResolveAnswer answer, SteadyTime at) {
  resolved_ = connecting_since_ = at;
  has_dns_ = true;
  dns_cached_ = answer.cached;
  if (answer.stale) {
    begin_anew();
    at = started_;
  }
  dns_delay_ = own_delay_.total();
  tell_phases(at);
  if (answer.error || answer.addresses.empty()) {
    // The resolver keeps the time of a dns timeout itself: what an ordinary turn is late is no
    // doubt.
    if (own_delay_.total() <= kLookSlack) {
      missing_ = Duration(0);
    }
    finish(at, on_the_way(
                   answer.error.value_or(ProbeError{ErrorCode::host_not_found, Phase::dns, ""})));
    return;
  }
  awaits_rest_ = answer.partial;
  take_addresses(std::move(answer));
  begin_connecting(at);
}

void ProbeAttempt::take_addresses(ResolveAnswer answer) {
  addresses_ = race_order(answer.addresses);
  if (!races(monitor())) {
    addresses_.resize(1);  // a written family means one address, as resolvers rotate them
  }
  if (probes_each_address(monitor())) {
    left_out_ = static_cast<uint32_t>(answer.addresses.size() - addresses_.size());
  }
  if (!answer.stale && !answer.partial) {
    note_name(std::move(answer.addresses));
  }
}

// What an old answer says, or half of one, is no news, and a proxy's name is not the target's.
void ProbeAttempt::note_name(std::vector<IpAddress> addresses) {
  if (!monitor().proxy) {
    named_ = std::move(addresses);
    named_.resize(std::min(named_.size(), kNameAddressesMax));
  }
}

// RFC 8305 section 3: what comes late takes its turn among those that were not tried yet, the other
// family first. Of each family there may be as many as of a name that is known at once.
void ProbeAttempt::take_rest(ResolveAnswer answer) {
  awaits_rest_ = false;
  if (race_.is_lost() && !answer.stale) {  // nothing was under way: that was a wait for DNS
    const Duration waited = tools_.clock.steady_now() - lost_since_;
    resolved_ += waited;
    connecting_since_ += waited;
    facts().phases.dns = resolved_ - started_;
  }
  if (answer.error) {
    if (error_info(answer.error->code).side == ErrorSide::ours) {
      rest_error_ = *std::move(answer.error);
    }
    return;
  }
  const auto tried = static_cast<std::ptrdiff_t>(race_.started());
  std::vector<IpAddress> left(addresses_.begin() + tried, addresses_.end());
  for (const IpAddress& each : answer.addresses) {
    if (std::ranges::find(addresses_, each) == addresses_.end()) {
      left.push_back(each);
    }
  }
  left = race_order(left);
  addresses_.resize(race_.started());
  if (!addresses_.empty()) {
    const auto other = std::ranges::find_if(
        left, [&](const IpAddress& each) { return each.family != addresses_.back().family; });
    std::rotate(left.begin(), other == left.end() ? left.begin() : other, left.end());
  }
  addresses_.insert(addresses_.end(), left.begin(), left.end());
  race_.set_count(addresses_.size());
  if (answer.stale) {
    begin_anew();
    return;
  }
  note_name(std::move(answer.addresses));
}

void ProbeAttempt::stop_asking() {
  if (std::exchange(awaits_rest_, false)) {
    asked_->cancel(token_);
    rest_.reset();
  }
}

std::optional<ProbeError> ProbeAttempt::lacking_rest() const {
  if (rest_error_) {
    return *rest_error_;
  }
  return awaits_rest_ ? std::optional(ProbeError{
                            ErrorCode::resolver_down, Phase::dns,
                            fmt::format("{} is answered for one family alone, whose addresses "
                                        "do not open",
                                        first_stop(monitor()).host())})
                      : std::nullopt;
}

}  // namespace tocsin
