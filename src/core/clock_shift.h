// The wall clock was set: what is remembered of a monitor keeps its distance to now, so that
// "five minutes" stay five minutes of real time.
#pragma once

#include "base/time.h"
#include "model/status.h"

namespace tocsin {

// Moves the times from which durations are counted by `by`. Slots stay as they are: they name
// results and never count.
void shift_times(MonitorState& state, Duration by);

}  // namespace tocsin
