#include "core/step_clock.h"

namespace tocsin {
namespace {

StepTime::Kind kind_of(const Step& step) {
  if (std::holds_alternative<SendStep>(step)) {
    return StepTime::Kind::send;
  }
  return is_expect(step) ? StepTime::Kind::expect : StepTime::Kind::starttls;
}

}  // namespace

void StepClock::reach(const Step& step, SteadyTime now) {
  times_.push_back(
      {.time = {.kind = kind_of(step), .at = std::max(now - began_, Duration::zero())}});
}

void StepClock::met(SteadyTime at) {
  StepTime& time = times_.back().time;
  time.took = std::max(at - began_ - time.at, Duration::zero());
}

void StepClock::send_ends_at(uint64_t bytes) { times_.back().ends = bytes; }

void StepClock::have_left(uint64_t bytes, bool is_waiting, SteadyTime now) {
  for (Timed& each : times_) {
    if (each.ends != 0 && each.ends <= bytes) {
      each.ends = 0;
      each.time.took = std::max(now - began_ - each.time.at, Duration::zero());
    }
  }
  if (is_waiting && !times_.empty()) {
    times_.back().time.at = std::max(now - began_, Duration::zero());
  }
}

void StepClock::failed(bool sending, SteadyTime now) {
  const auto unsent =
      std::ranges::find_if(times_, [](const Timed& each) { return each.ends != 0; });
  if (times_.empty()) {
    return;
  }
  StepTime& time = sending && unsent != times_.end() ? unsent->time : times_.back().time;
  time.failed = true;
  time.took = std::max(now - began_ - time.at, Duration::zero());
}

std::vector<StepTime> StepClock::take() {
  std::vector<StepTime> taken;
  taken.reserve(times_.size());
  for (const Timed& each : times_) {
    taken.push_back(each.time);
  }
  times_.clear();
  return taken;
}

}  // namespace tocsin
