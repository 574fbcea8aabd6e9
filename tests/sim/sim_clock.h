// SimClock: time that moves only when the simulation says so. The wall clock may be pushed off; the
// steady one only goes forward.
#pragma once

#include <algorithm>

#include "ports/clock.h"

namespace tocsin::sim {

class SimClock final : public Clock {
 public:
  // 2026-03-01 00:00:00 UTC: far from any edge, and a round number to read in a failing log.
  static constexpr SystemTime kEpoch{Duration(1'772'323'200'000'000)};

  [[nodiscard]] SystemTime system_now() const override {
    return kEpoch + since_start_ + wall_push_;
  }
  [[nodiscard]] SteadyTime steady_now() const override { return SteadyTime(kBoot + since_start_); }

  void advance_to(SteadyTime at) {
    since_start_ = std::max(since_start_, at.time_since_epoch() - kBoot);
  }
  void push_wall(Duration by) { wall_push_ += by; }
  [[nodiscard]] Duration since_start() const { return since_start_; }
  [[nodiscard]] static SteadyTime steady_at(Duration since_start) {
    return SteadyTime(kBoot + since_start);
  }

 private:
  static constexpr Duration kBoot = 1h;  // uptime of the simulated machine at start
  Duration since_start_{0};
  Duration wall_push_{0};
};

}  // namespace tocsin::sim
