// ClockReading: both clocks at one moment. Between two calls the machine may sleep or run others
// for seconds; wall time read after such a gap would look as if it had jumped. So the steady clock
// is read on both sides of the wall clock, and again when they lie apart.
#pragma once

#include "ports/clock.h"

namespace tocsin {

struct ClockReading {
  // Far below the jump that WallMap acts on (1 s), far above what three reads take (under 1 us).
  static constexpr Duration kSpreadMax = 10ms;

  SystemTime wall{};
  SteadyTime steady{};  // in the middle of `spread`
  Duration spread{};    // how far apart in time the two may have been read
  [[nodiscard]] bool is_close() const { return spread <= kSpreadMax; }
};

// The closest pair of a few tries; each ends them when it is_close().
ClockReading read_clocks(const Clock& clock);

}  // namespace tocsin
