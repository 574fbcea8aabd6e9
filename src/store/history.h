// The history of monitors as numbers: hours, heartbeats, single results for statistics, and when
// incidents began and ended.
#pragma once

#include <span>
#include <vector>

#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

inline constexpr size_t kHourRowsMax = 200'000;  // ten locations for two years

Result<std::vector<HourTally>> list_hours(sqlite::Database& database, MonitorUid monitor,
                                          const TimeSpan& span);
Result<std::vector<std::vector<Beat>>> list_beats(sqlite::Database& database,
                                                  std::span<const MonitorUid> monitors,
                                                  size_t count);
Result<std::vector<ResultSample>> list_samples(sqlite::Database& database, MonitorUid monitor,
                                               const TimeSpan& span, size_t limit);
Result<std::vector<IncidentSpan>> list_incident_spans(sqlite::Database& database,
                                                      MonitorUid monitor, const TimeSpan& span);

}  // namespace tocsin
