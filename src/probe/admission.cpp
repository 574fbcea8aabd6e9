#include "probe/admission.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "probe/probe_plan.h"

namespace tocsin {
namespace {

constexpr Duration kPauseMin = 10ms;
constexpr Duration kPauseMax = 250ms;
constexpr Duration kSweep = 50ms;     // between two looks at all that wait
constexpr Duration kTurnPause = 1ms;  // between two turns while the machine recovers
// So long a test is tried again when something of ours is short.
constexpr Duration kTestPatience = 500ms;
// A destination that stays closed is tried about so many times in the time of a check, however many
// such destinations there are.
constexpr int kTriesShare = 8;
constexpr size_t kReservedShare = 16;  // of the slots, one in so many for retries alone
constexpr size_t kWarningsMax = 16;    // destinations named at once
constexpr size_t kAll = std::numeric_limits<size_t>::max();

Duration longer(Duration pause, Duration longest) {
  return std::clamp(2 * pause, kPauseMin, std::max(kPauseMin, longest));
}

// How long it may wait in all.
Duration whole_of(const ProbeRequest& request) {
  const bool is_test = request.id.monitor.value == 0;
  return is_test ? Admission::kPatienceMax
                 : std::min(request.monitor->interval, Admission::kPatienceMax);
}

std::string tried(uint32_t times) {
  return times == 0 ? "" : fmt::format("; tried {} times", times + 1);
}

}  // namespace

Admission::Admission(const Settings& settings)
    : settings_(settings),
      reserved_(settings.slots / kReservedShare),
      load_(settings.ports, settings.slots),
      allowance_(kAll) {}

// Who asks for one look wants an answer soon, be it that it could not be made.
Patience Admission::patience_of(const ProbeRequest& request, SteadyTime now) const {
  const bool is_test = request.id.monitor.value == 0;
  const Duration whole = whole_of(request);
  return {.latest = now + whole,
          .try_until = now + (is_test ? kTestPatience : whole),
          .anyway_at = now + (is_test ? kTestPatience : whole / 4),
          .put_off = 0,
          .destination = load_.cell_of(first_stop(*request.monitor))};
}

void Admission::expect(const Monitor& monitor) const {
  load_.expect(load_.cell_of(first_stop(monitor)));
}

bool Admission::take(ProbeRequest& request, size_t free, SteadyTime now) {
  request.patience = patience_of(request, now);
  const bool is_first_in_line = lanes_[0].empty() && (request.retry || lanes_[1].empty());
  if (is_first_in_line && has_slot(request.retry, free) && !is_machine_closed(now) &&
      may_enter(request, now)) {
    enter(request, now);
    return true;
  }
  lanes_[request.retry ? 0 : 1].push_back({std::move(request), std::nullopt});
  return false;
}

bool Admission::may_enter(const ProbeRequest& request, SteadyTime now) const {
  const DestinationLoad::Cell cell = request.patience.destination;
  const auto crowd = crowds_.find(cell);
  if (crowd != crowds_.end() && now < crowd->second.closed_until) {
    return false;
  }
  if (load_.resting(cell, now) >= load_.resting_max()) {
    return false;
  }
  return load_.in_flight(cell) < kPerDestination || now >= request.patience.anyway_at;
}

void Admission::enter(const ProbeRequest& request, SteadyTime now) {
  ++started_;
  load_.begin(request.patience.destination);
  const auto crowd = crowds_.find(request.patience.destination);
  if (crowd != crowds_.end() && crowd->second.pause > Duration(0)) {
    crowd->second.closed_until = now + crowd->second.pause;  // one, to see whether it goes again
  }
}

std::optional<ProbeRequest> Admission::next(size_t free, SteadyTime now) {
  for (Lane& lane : lanes_) {
    while (!lane.empty() && has_slot(lane.front().request.retry, free) && !is_machine_closed(now)) {
      Parked first = std::move(lane.front());
      lane.pop_front();
      if (may_enter(first.request, now)) {
        enter(first.request, now);
        return std::move(first.request);
      }
      park(std::move(first), false, now);
    }
  }
  return std::nullopt;
}

void Admission::park(Parked parked, bool in_front, SteadyTime now) {
  const DestinationLoad::Cell cell = parked.request.patience.destination;
  Crowd& crowd = crowds_[cell];
  if (crowd.name.empty()) {
    crowd.name = first_stop(*parked.request.monitor).text();
  }
  if (load_.resting(cell, now) >= load_.resting_max() && now >= crowd.closed_until) {
    // From now on as fast as its ports come back.
    crowd.wants_ports = true;
    crowd.closed_until = now + load_.ports().rest / load_.resting_max();
    parked.why = ProbeError{ErrorCode::local_resource, Phase::connect,
                            fmt::format("{} of the {} local ports for {} rest after earlier checks",
                                        load_.resting(cell, now), load_.ports().count, crowd.name)};
  }
  ++held_;
  sweep_at_ = std::min(sweep_at_, now + kSweep);
  in_front || parked.request.retry ? crowd.waiting.push_front(std::move(parked))
                                   : crowd.waiting.push_back(std::move(parked));
}

// The first of a crowd goes back to its lane. False: none waits.
bool Admission::release(Crowd& crowd) {
  if (crowd.waiting.empty()) {
    return false;
  }
  Parked first = std::move(crowd.waiting.front());
  crowd.waiting.pop_front();
  --held_;
  lanes_[first.request.retry ? 0 : 1].push_back(std::move(first));
  return true;
}

void Admission::ended(const ProbeRequest& request, Made made, SteadyTime now) {
  const DestinationLoad::Cell cell = request.patience.destination;
  load_.end(cell, made == Made::and_took_port, now);
  if (made == Made::no) {
    return;
  }
  pause_ = Duration(0);  // it could be made
  const auto found = crowds_.find(cell);
  if (found == crowds_.end()) {
    return;
  }
  Crowd& crowd = found->second;
  if (crowd.pause > Duration(0)) {  // it goes again
    crowd.pause = Duration(0);
    crowd.closed_until = now;
    for (uint32_t i = 1; i < kPerDestination; ++i) {
      release(crowd);
    }
  }
  if (now >= crowd.closed_until) {
    release(crowd);
  }
}

bool Admission::put_off(ProbeRequest& request, Shortage shortage, ProbeError why, SteadyTime now) {
  const DestinationLoad::Cell cell = request.patience.destination;
  ++put_offs_;
  if (now >= request.patience.try_until) {
    ++given_up_;
    return false;  // ended() follows
  }
  load_.end(cell, false, now);
  ++request.patience.put_off;
  if (shortage == Shortage::machine) {
    close_machine(now);
    Lane& lane = lanes_[request.retry ? 0 : 1];
    lane.push_front({std::move(request), std::move(why)});
    sweep_at_ = std::min(sweep_at_, now + kSweep);
    return true;
  }
  Crowd& crowd = crowds_[cell];
  if (crowd.pause == Duration(0) || now >= crowd.closed_until) {
    crowd.pause = longer(crowd.pause, whole_of(request) / kTriesShare);
  }
  crowd.closed_until = now + crowd.pause;
  park({std::move(request), std::move(why)}, true, now);
  return true;
}

// Those that had started before the first of them failed close nothing for longer. A shortage that
// comes and goes halves what is tried at once, and does not begin anew each time.
void Admission::close_machine(SteadyTime now) {
  if (now >= closed_until_) {
    pause_ = longer(pause_, kPauseMax);
    closed_until_ = now + pause_;
    allowance_ = allowance_ == kAll ? 1 : std::max<size_t>(1, allowance_ / 2);
  }
  started_ = 0;
}

void Admission::turn(SteadyTime now, std::vector<GivenUp>& given_up) {
  if (allowance_ != kAll && now >= closed_until_ && started_ > 0) {
    allowance_ *= 2;
    if (allowance_ > settings_.slots) {
      allowance_ = kAll;
      pause_ = Duration(0);
    }
  }
  started_ = 0;
  if (now >= sweep_at_ && (waiting() > 0 || !crowds_.empty())) {
    sweep(now, given_up);
    sweep_at_ = now + kSweep;
  }
}

void Admission::sweep(SteadyTime now, std::vector<GivenUp>& given_up) {
  for (Lane& lane : lanes_) {
    give_up(lane, now, given_up);
  }
  for (auto each = crowds_.begin(); each != crowds_.end();) {
    Crowd& crowd = each->second;
    held_ -= crowd.waiting.size();
    give_up(crowd.waiting, now, given_up);
    held_ += crowd.waiting.size();
    if (now >= crowd.closed_until) {
      const uint32_t busy = load_.in_flight(each->first);
      for (uint32_t i = busy; i < kPerDestination && release(crowd); ++i) {
        if (crowd.pause > Duration(0)) {
          break;  // one, to see whether it goes again
        }
      }
      while (!crowd.waiting.empty() && now >= crowd.waiting.front().request.patience.anyway_at) {
        release(crowd);
      }
      crowd.wants_ports = load_.resting(each->first, now) >= load_.resting_max();
    }
    const bool is_calm = crowd.pause == Duration(0) || now - crowd.closed_until > kPatienceMax;
    const bool is_over = crowd.waiting.empty() && is_calm && !crowd.wants_ports;
    each = is_over ? crowds_.erase(each) : std::next(each);
  }
}

void Admission::give_up(Lane& lane, SteadyTime now, std::vector<GivenUp>& into) {
  std::erase_if(lane, [&](Parked& each) {
    if (now < each.request.patience.latest) {
      return false;
    }
    ProbeError why = each.why.value_or(ProbeError{
        ErrorCode::overloaded, Phase::connect, "no place for one more check became free in time"});
    why.detail += tried(each.request.patience.put_off);
    into.push_back({std::move(each.request), std::move(why)});
    ++given_up_;
    return true;
  });
}

SteadyTime Admission::next_deadline(size_t free, SteadyTime now) const {
  SteadyTime next = waiting() > 0 || !crowds_.empty() ? sweep_at_ : kNever;
  const bool can_start =
      (!lanes_[0].empty() && has_slot(true, free)) || (!lanes_[1].empty() && has_slot(false, free));
  if (can_start) {
    next = std::min(next, now < closed_until_      ? closed_until_
                          : started_ >= allowance_ ? now + kTurnPause
                                                   : now);
  }
  return next;
}

std::vector<std::string> Admission::short_of_ports() const {
  std::vector<std::string> names;
  for (const auto& [cell, crowd] : crowds_) {
    if (crowd.wants_ports && names.size() < kWarningsMax) {
      names.push_back(crowd.name);
    }
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace tocsin
