// Retention: what is older than its time is deleted, a bounded slice at a time, so that the writer
// is never away for long. Monitors, states, incidents, deliveries, tokens and users are kept for
// ever.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "model/config.h"
#include "store/sqlite.h"

namespace tocsin {

inline constexpr size_t kRetentionSliceRows = 2000;  // about 10 ms of the writer's time

// Deletes up to `rows_max` rows of one table in a transaction of its own. True when there may be
// more to delete.
//   results by `raw`, failures by `failures`, hours by `hourly`: each counted from the slot (the
//   end of the hour) to `now`.
Result<bool> delete_old(sqlite::Database& database, const Retention& retention, SystemTime now,
                        size_t rows_max = kRetentionSliceRows);

}  // namespace tocsin
