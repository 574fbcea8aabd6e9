// WallMap: wall time as the loop sees it: mapped to the steady clock once, taken anew when the
// system clock jumps by more than 1 s. Between jumps it is as even as the steady clock, so slots
// are never squeezed or stretched by a slewing NTP. When the wall clock jumps back the clock epoch
// grows by one: (epoch, slot) keeps its order.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace tocsin {

class WallMap {
 public:
  static constexpr Duration kJump = 1s;

  WallMap(SystemTime system_now, SteadyTime steady_now, uint32_t epoch)
      : offset_(system_now.time_since_epoch() - steady_now.time_since_epoch()), epoch_(epoch) {}

  enum class Jump : uint8_t { none, forward, back };
  // Call once a turn.
  Jump observe(SystemTime system_now, SteadyTime steady_now) {
    const Duration jumped = system_now - wall(steady_now);
    if (jumped <= kJump && jumped >= -kJump) {
      return Jump::none;
    }
    offset_ += jumped;
    jumped_ = jumped;
    if (jumped < Duration(0)) {
      ++epoch_;
      return Jump::back;
    }
    return Jump::forward;
  }

  [[nodiscard]] SystemTime wall(SteadyTime at) const {
    return SystemTime(at.time_since_epoch() + offset_);
  }
  [[nodiscard]] SteadyTime steady(SystemTime at) const {
    return SteadyTime(at.time_since_epoch() - offset_);
  }
  [[nodiscard]] uint32_t epoch() const { return epoch_; }
  // How far the last jump went.
  [[nodiscard]] Duration jumped() const { return jumped_; }

 private:
  Duration offset_;
  Duration jumped_{};
  uint32_t epoch_;
};

}  // namespace tocsin
