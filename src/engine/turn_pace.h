// TurnPace: how often the loop looks when it has much to do. Waking up costs more than most of what
// it wakes up for: at 10,000 checks a second a quarter of all processor time (bench/raw_loop.cpp,
// paced against saturated). So while more than two events come in each step of a grid, the loop
// sleeps from one step to the next, whatever comes meanwhile, and does it all at once; the more
// there is to do, the longer the steps. Checks start up to one step late by that; connect times
// are the kernel's own and stay exact, and what is measured of an answer is late by a step at most,
// which is counted as ours (probe/own_delay.h). Each sleep is followed by two turns: one takes what
// came meanwhile, if anything can have, and begins what is due; one takes what has ended with its
// beginning, while its socket is in the cache.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "base/time.h"

namespace tocsin {

class TurnPace {
 public:
  static constexpr Duration kWindow = 12ms;   // over which the load is looked at; all steps fit it
  static constexpr Duration kJitter = 250us;  // a wake-up may be so early against the one before
  // How long a step is from more than so many events in a window on: the last that fits.
  struct Pace {
    size_t events = 0;
    Duration step{};
  };
  static constexpr std::array<Pace, 3> kPaces = {
      {{.events = 48, .step = 500us}, {.events = 72, .step = 1ms}, {.events = 96, .step = 3ms}}};

  // A turn at `now` had so many events.
  void count(SteadyTime now, size_t events) {
    events_ += events;
    if (now - since_ < kWindow - kJitter) {
      return;
    }
    // After a longer pause the window says nothing of now.
    step_ = Duration(0);
    if (now - since_ < 2 * kWindow) {
      for (const Pace& pace : kPaces) {
        step_ = events_ > pace.events ? pace.step : step_;
      }
    }
    events_ = 0;
    since_ = now;
  }

  [[nodiscard]] bool is_busy() const { return step_ > Duration(0); }
  struct Turn {
    std::optional<SteadyTime> sleep_until;  // first
    bool waits = true;                      // for something to happen
  };
  // How the turn that begins goes; `is_wanted`: somebody has something for it to do.
  Turn begin(SteadyTime now, bool is_wanted) {
    const std::optional<SteadyTime> look = is_wanted ? std::nullopt : next_look(now);
    const bool looks_again = look && has_slept_;
    has_slept_ = look && !looks_again;
    return {.sleep_until = has_slept_ ? look : std::nullopt, .waits = !looks_again && !is_wanted};
  }
  // Until when to sleep; nothing when there is little to do.
  [[nodiscard]] std::optional<SteadyTime> next_look(SteadyTime now) const {
    return is_busy() ? std::optional(now + (step_ - now.time_since_epoch() % step_)) : std::nullopt;
  }

 private:
  SteadyTime since_{};
  size_t events_ = 0;
  Duration step_{};  // 0: there is little to do
  bool has_slept_ = false;
};

}  // namespace tocsin
