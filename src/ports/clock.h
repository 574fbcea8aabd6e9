// Clock: the only way to learn the time. Real: SystemClock (engine/system_ports.h). Simulated:
// tests/sim.
#pragma once

#include "base/time.h"

namespace tocsin {

class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time: to show and to label. May jump.
  [[nodiscard]] virtual SystemTime system_now() const = 0;
  // CLOCK_BOOTTIME: to wait and to measure. Never goes back, counts suspend.
  [[nodiscard]] virtual SteadyTime steady_now() const = 0;
};

}  // namespace tocsin
