// The state of a monitor is written when something changed that its results do not say. So after a
// start the newest results say the rest: which slot was the last, and what each location found.
#pragma once

#include <span>

#include "base/ids.h"
#include "base/result.h"
#include "model/plain_pass.h"
#include "model/status.h"
#include "store/sqlite.h"

namespace tocsin {

// Moves `state` to the newest final results of `monitor` in `clock_epoch`, if they are newer.
// `passes` are the plain ones of its newest slot that has any. Only what a steady monitor changes
// from tick to tick is moved; streaks and kinds are always in the stored state.
Result<void> catch_up(sqlite::Database& database, MonitorUid monitor, uint32_t clock_epoch,
                      std::span<const PlainPass> passes, MonitorState& state);

}  // namespace tocsin
