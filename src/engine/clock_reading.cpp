#include "engine/clock_reading.h"

namespace tocsin {
namespace {

constexpr int kTriesMax = 5;  // a machine that breaks five in a row has worse to do than tell time

ClockReading read_once(const Clock& clock) {
  const SteadyTime before = clock.steady_now();
  const SystemTime wall = clock.system_now();
  const Duration spread = clock.steady_now() - before;
  return {.wall = wall, .steady = before + spread / 2, .spread = spread};
}

}  // namespace

ClockReading read_clocks(const Clock& clock) {
  ClockReading best = read_once(clock);
  for (int tries = 1; tries < kTriesMax && !best.is_close(); ++tries) {
    const ClockReading again = read_once(clock);
    best = again.spread < best.spread ? again : best;
  }
  return best;
}

}  // namespace tocsin
