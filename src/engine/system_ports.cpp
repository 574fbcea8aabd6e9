#include "engine/system_ports.h"

#include <sys/random.h>
#include <time.h>

#include "base/check.h"

namespace tocsin {
namespace {

Duration read_clock(clockid_t id) {
  timespec at{};
  CHECK(::clock_gettime(id, &at) == 0, "the kernel has this clock since 2.6.39");
  return std::chrono::duration_cast<Duration>(std::chrono::seconds(at.tv_sec) +
                                              std::chrono::nanoseconds(at.tv_nsec));
}

}  // namespace

SystemTime SystemClock::system_now() const { return SystemTime(read_clock(CLOCK_REALTIME)); }
SteadyTime SystemClock::steady_now() const { return SteadyTime(read_clock(CLOCK_BOOTTIME)); }

uint64_t SystemRandom::next() {
  uint64_t value = 0;
  CHECK(::getrandom(&value, sizeof value, 0) == static_cast<ssize_t>(sizeof value),
        "getrandom gives 8 bytes whole once the pool is seeded");
  return value;
}

}  // namespace tocsin
