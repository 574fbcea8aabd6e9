// The state of a monitor is written when something changed that its results do not say. So after a
// start the newest results say the rest: which slot was the last, and what each location found.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/ids.h"
#include "base/result.h"
#include "model/plain_pass.h"
#include "model/status.h"
#include "store/sqlite.h"

namespace tocsin {

class CatchUp {
 public:
  CatchUp(sqlite::Database& database, uint32_t clock_epoch)
      : database_(database), clock_epoch_(clock_epoch) {}

  // Moves `state` to the newest final results of `monitor` in the clock epoch, if they are newer.
  // `row` is the newest slot of its final rows, `passes` are the plain ones of its newest
  // slot that has any. Only what a steady monitor changes from tick to tick is moved; streaks and
  // kinds are always in the stored state.
  Result<void> move(MonitorUid monitor, std::optional<SystemTime> row,
                    std::span<const PlainPass> passes, MonitorState& state);

 private:
  Result<void> move_to_rows(MonitorUid monitor, SystemTime slot, MonitorState& state);
  Result<void> move_known(MonitorUid monitor, std::optional<SystemTime> row,
                          std::span<const PlainPass> passes, Status& status);

  sqlite::Database& database_;
  uint32_t clock_epoch_;
};

}  // namespace tocsin
