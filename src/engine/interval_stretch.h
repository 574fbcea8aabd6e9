// IntervalStretch: what is left out when the loop has more to do than it can. Without it some
// checks would be late by chance, then all of them, each by more; with it every second tick (then
// every fourth, eighth) of each monitor that is well is left out, evenly over the monitors and over
// time, and counted as a skip. A monitor that is not well keeps its interval: it is what matters
// then.
//
// The loop is behind when, in two windows in a row, half of the ticks of the grid started late, it
// hardly ever waited for work, and it does not catch up. A start-up (ticks off the grid) and a
// standstill (one window, then well again) are no overload. Pure.
#pragma once

#include <cstdint>

#include "base/ids.h"
#include "base/time.h"
#include "core/schedule.h"

namespace tocsin {

class IntervalStretch {
 public:
  static constexpr uint32_t kMax = 8;
  static constexpr Duration kWindow = 5s;
  static constexpr Duration kLate = 250ms;
  static constexpr double kBusy = 0.9;   // share of its time in which the loop works
  static constexpr double kSpare = 0.4;  // twice that is well within what it can do

  // A tick of the grid was started so late.
  void started(Duration late) {
    ++ticks_;
    late_ticks_ += late > kLate ? 1 : 0;
    late_sum_ += late;
  }
  // A turn ended its wait at `now`, after waiting so long. True: factor() has changed.
  bool turned(SteadyTime now, Duration waited);

  // Of so many ticks one is run.
  [[nodiscard]] uint32_t factor() const { return factor_; }
  [[nodiscard]] bool leaves_out(const Schedule& schedule, MonitorUid uid, SystemTime slot) const {
    return factor_ > 1 && (slot.time_since_epoch() / schedule.interval + uid.value) % factor_ != 0;
  }
  // Of the last whole window.
  [[nodiscard]] double busy() const { return busy_; }

 private:
  bool judge();

  uint32_t factor_ = 1;
  SteadyTime since_{};
  Duration waited_{}, late_sum_{}, last_mean_{};
  uint64_t ticks_ = 0, late_ticks_ = 0;
  uint32_t behind_ = 0, calm_ = 0;  // windows in a row
  double busy_ = 0;
};

}  // namespace tocsin
