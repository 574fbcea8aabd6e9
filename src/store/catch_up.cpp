#include "store/catch_up.h"

#include <tuple>
#include <utility>

#include "store/result_rows.h"

namespace tocsin {
namespace {

Run run_of(const Attempt& attempt) {
  const ProbeResult& result = attempt.result;
  return {.monitor = result.id.monitor,
          .location = result.id.location,
          .clock_epoch = result.id.clock_epoch,
          .slot = result.id.slot,
          .verdict = attempt.evaluation.verdict,
          .error = attempt.evaluation.error,
          .attempts = result.id.attempt,
          .finished = result.started + result.response_time};
}

void take(const Attempt& attempt, MonitorState& state) {
  Run run = run_of(attempt);
  Status& status = state.status;
  status.clock_epoch = run.clock_epoch;
  status.slot = run.slot;
  if (run.verdict != Verdict::unknown && status.kind != StatusKind::paused) {
    status.last_known = run.slot;
    status.run_asked = false;
  }
  const uint16_t location = run.location;
  state.newest.insert_or_assign(location, std::move(run));
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
  return sqlite::for_each_row(
      database.query(
          "SELECT * FROM results WHERE slot = ? AND monitor = ? AND epoch = ? AND final = 1",
          {**newest, monitor.value, clock_epoch}),
      [&](const sqlite::Rows& row) -> Result<void> {
        const Result<StoredResult> result = read_result_row(row);
        if (!result) {
          return std::unexpected(result.error());
        }
        take(result->attempt, state);
        return {};
      });
}

}  // namespace tocsin
