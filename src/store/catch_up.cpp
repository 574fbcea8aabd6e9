#include "store/catch_up.h"

#include <tuple>

#include "core/read_back.h"
#include "store/result_rows.h"

namespace tocsin {
namespace {

// The newest result may be unknown; how long nothing is known counts from the newest that is not.
// Looks no further back than the state that was stored, so at a few results.
Result<void> catch_up_known(sqlite::Database& database, MonitorUid monitor, uint32_t clock_epoch,
                            Status& status) {
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
  return {};
}

}  // namespace

Result<void> catch_up(sqlite::Database& database, MonitorUid monitor, uint32_t clock_epoch,
                      MonitorState& state) {
  const auto newest = database.number(
      "SELECT slot FROM results WHERE monitor = ? AND epoch = ? AND final = 1 ORDER BY slot DESC "
      "LIMIT 1",
      {monitor.value, clock_epoch});
  if (!newest) {
    return std::unexpected(newest.error());
  }
  const Status& status = state.status;
  if (!*newest || std::tuple(clock_epoch, SystemTime(Duration(**newest))) <=
                      std::tuple(status.clock_epoch, status.slot)) {
    return {};
  }
  Result<void> taken = sqlite::for_each_row(
      database.query(
          "SELECT * FROM results WHERE slot = ? AND monitor = ? AND epoch = ? AND final = 1",
          {**newest, monitor.value, clock_epoch}),
      [&](const sqlite::Rows& row) -> Result<void> {
        const Result<StoredResult> result = read_result_row(row);
        if (!result) {
          return std::unexpected(result.error());
        }
        read_back(result->attempt, state);
        return {};
      });
  return taken ? catch_up_known(database, monitor, clock_epoch, state.status) : taken;
}

}  // namespace tocsin
