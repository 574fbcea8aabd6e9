#include "store/catch_up.h"

#include <algorithm>
#include <tuple>

#include "core/read_back.h"
#include "store/result_rows.h"

namespace tocsin {

// The newest result may be unknown; how long nothing is known counts from the newest that is not.
// Looks no further back than what is known already, so at a few results, and mostly at none.
Result<void> CatchUp::move_known(MonitorUid monitor, std::optional<SystemTime> row,
                                 std::span<const PlainPass> passes, Status& status) {
  if (status.kind == StatusKind::paused) {
    return {};
  }
  if (!passes.empty()) {
    status.last_known = std::max(status.last_known.value_or(SystemTime{}), passes.front().slot);
  }
  if (!row || *row <= status.last_known.value_or(SystemTime{})) {
    return {};
  }
  const auto known = database_.number(
      "SELECT slot FROM results WHERE monitor = ? AND epoch = ? AND final = 1 AND verdict <> 4 "
      "AND slot > ? ORDER BY slot DESC LIMIT 1",
      {monitor.value, clock_epoch_, status.last_known.value_or(SystemTime{})});
  if (!known) {
    return std::unexpected(known.error());
  }
  if (*known) {
    status.last_known = SystemTime(Duration(**known));
  }
  return {};
}

Result<void> CatchUp::move_to_rows(MonitorUid monitor, SystemTime slot, MonitorState& state) {
  return sqlite::for_each_row(
      database_.query(
          "SELECT * FROM results WHERE slot = ? AND monitor = ? AND epoch = ? AND final = 1",
          {slot, monitor.value, clock_epoch_}),
      [&](const sqlite::Rows& row) -> Result<void> {
        const Result<StoredResult> result = read_result_row(row);
        if (!result) {
          return std::unexpected(result.error());
        }
        read_back(result->attempt, state);
        return {};
      });
}

Result<void> CatchUp::move(MonitorUid monitor, std::optional<SystemTime> row,
                           std::span<const PlainPass> passes, MonitorState& state) {
  SystemTime newest = row.value_or(SystemTime());
  if (!passes.empty()) {
    newest = std::max(newest, passes.front().slot);
  }
  const Status& status = state.status;
  if ((!row && passes.empty()) ||
      std::tuple(clock_epoch_, newest) <= std::tuple(status.clock_epoch, status.slot)) {
    return {};
  }
  for (const PlainPass& pass : passes) {
    if (pass.slot == newest) {
      read_back(attempt_of(pass), state);
    }
  }
  if (row == newest) {
    if (Result<void> moved = move_to_rows(monitor, newest, state); !moved) {
      return moved;
    }
  }
  return move_known(monitor, row, passes, state.status);
}

}  // namespace tocsin
