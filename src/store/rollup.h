// Roll-ups: what one monitor did in one hour at one location, as counts and a mergeable histogram.
// They are brought up to date in the same transaction as the results they count, so the two never
// disagree. Only final attempts count; response times are those of passed and degraded ones.
#pragma once

#include <compare>
#include <map>

#include "base/result.h"
#include "store/histogram.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

// The full hour (UTC) that holds `at`.
SystemTime hour_of(SystemTime at);

class Rollup {
 public:
  // Counts one attempt that was newly inserted.
  void add(const StoredAttempt& attempt);
  // Adds what was counted to the rows; afterwards nothing is counted. Within the caller's
  // transaction.
  Result<void> write(sqlite::Database& database);

 private:
  struct Key {
    SystemTime hour;
    MonitorUid monitor;
    uint16_t location;
    auto operator<=>(const Key&) const = default;
  };
  struct Counts {
    uint64_t passed = 0, degraded = 0, failed = 0, unknown = 0;
    Duration sum{}, min{}, max{};
    Histogram histogram;
  };
  static Result<void> load(sqlite::Database& database, const Key& key, Counts& counts);
  static Result<void> store(sqlite::Database& database, const Key& key, const Counts& counts);

  std::map<Key, Counts> hours_;
};

}  // namespace tocsin
