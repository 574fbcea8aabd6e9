// The real clock and the real dice. Only apps/ names them.
#pragma once

#include "ports/clock.h"
#include "ports/random.h"

namespace tocsin {

// CLOCK_REALTIME and CLOCK_BOOTTIME.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] SystemTime system_now() const override;
  [[nodiscard]] SteadyTime steady_now() const override;
};

// getrandom(2).
class SystemRandom final : public Random {
 public:
  uint64_t next() override;
};

}  // namespace tocsin
