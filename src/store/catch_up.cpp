#include "store/catch_up.h"

#include <algorithm>
#include <tuple>

#include "core/read_back.h"
#include "store/result_rows.h"

namespace tocsin {
namespace {

// The newest result may be unknown; how long nothing is known counts from the newest that is not.
// Looks no further back than the state that was stored, so at a few results.
Result<void> catch_up_known(sqlite::Database& database, MonitorUid monitor, uint32_t clock_epoch,
                            std::span<const PlainPass> passes, Status& status) {
  if (status.kind == StatusKind::paused) {
    return {};
  }
  const auto known = database.number(
      "SELECT slot FROM results WHERE monitor = ? AND epoch = ? AND final = 1 AND verdict <> 4 AND "
      "slot > ? ORDER BY slot DESC LIMIT 1",
      {monitor.value, clock_epoch, status.last_known.value_or(SystemTime{})});
  if (!known) {
    return std::unexpected(known.error());
  }
  if (*known) {
    status.last_known = SystemTime(Duration(**known));
  }
  if (!passes.empty()) {
    status.last_known = std::max(status.last_known.value_or(SystemTime{}), passes.front().slot);
  }
  return {};
}

}  // namespace

Result<void> catch_up(sqlite::Database& database, MonitorUid monitor, uint32_t clock_epoch,
                      std::span<const PlainPass> passes, MonitorState& state) {
  const auto newest_row = database.number(
      "SELECT slot FROM results WHERE monitor = ? AND epoch = ? AND final = 1 ORDER BY slot DESC "
      "LIMIT 1",
      {monitor.value, clock_epoch});
  if (!newest_row) {
    return std::unexpected(newest_row.error());
  }
  SystemTime newest(Duration(newest_row->value_or(0)));
  if (!passes.empty()) {
    newest = std::max(newest, passes.front().slot);
  }
  const Status& status = state.status;
  if ((!*newest_row && passes.empty()) ||
      std::tuple(clock_epoch, newest) <= std::tuple(status.clock_epoch, status.slot)) {
    return {};
  }
  for (const PlainPass& pass : passes) {
    if (pass.slot == newest) {
      read_back(attempt_of(pass), state);
    }
  }
  Result<void> taken = sqlite::for_each_row(
      database.query(
          "SELECT * FROM results WHERE slot = ? AND monitor = ? AND epoch = ? AND final = 1",
          {newest, monitor.value, clock_epoch}),
      [&](const sqlite::Rows& row) -> Result<void> {
        const Result<StoredResult> result = read_result_row(row);
        if (!result) {
          return std::unexpected(result.error());
        }
        read_back(result->attempt, state);
        return {};
      });
  return taken ? catch_up_known(database, monitor, clock_epoch, passes, state.status) : taken;
}

}  // namespace tocsin
