// Plain passes found in the segments: by monitor and time, newest or oldest first, or by id. The
// hours in which a monitor has results lead to its segments; only what is not counted yet is looked
// through without that lead.
//
// Several calls that are to agree stand in one transaction of the caller.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "core/stats_window.h"
#include "core/tally.h"
#include "model/plain_pass.h"
#include "model/result.h"
#include "store/sqlite.h"

namespace tocsin {

// The order of results of one monitor in a list: slot, location, epoch, attempt.
inline auto place_of(const ResultId& id) {
  return std::tuple(id.slot, id.location, id.clock_epoch, id.attempt);
}
inline auto place_of(const PlainPass& pass) {
  return std::tuple(pass.slot, pass.location, pass.clock_epoch, uint8_t{1});
}

struct PassQuery {
  MonitorUid monitor;
  TimeSpan span{.from = SystemTime::min(), .to = SystemTime::max()};  // from <= slot < to
  std::optional<ResultId> before, after;  // only those that stand so in the order above
  std::optional<uint16_t> location;
  std::optional<uint32_t> clock_epoch;
  size_t limit = 1;
};

// In the order above, `limit` at most.
Result<std::vector<PlainPass>> newest_passes(sqlite::Database& database, const PassQuery& query);
Result<std::vector<PlainPass>> oldest_passes(sqlite::Database& database, const PassQuery& query);
Result<std::optional<PlainPass>> find_pass(sqlite::Database& database, const ResultId& id);

// The newest `count` of each of `monitors`, newest first.
Result<std::vector<std::vector<PlainPass>>> newest_passes_of_each(
    sqlite::Database& database, std::span<const MonitorUid> monitors, size_t count);

// What is not counted in `hours`, by hour and location.
Result<std::vector<HourTally>> uncounted_hours(sqlite::Database& database, MonitorUid monitor,
                                               const TimeSpan& span);

}  // namespace tocsin
