// Roll-ups: what one monitor did in one hour at one location, as counts and a mergeable histogram.
// A row of `results` is counted in the transaction that writes it, plain passes by and by
// (pass_log.h); what is not counted yet is added by whoever reads, so the two never disagree. Only
// final attempts count; response times are those of passed and degraded ones.
#pragma once

#include <compare>
#include <cstddef>
#include <map>

#include "base/result.h"
#include "core/tally.h"
#include "model/plain_pass.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

// Rows remembered between transactions, about 20 MiB.
inline constexpr size_t kHoursKnownMax = 20'000;

// The full hour (UTC) that holds `at`.
SystemTime hour_of(SystemTime at);

// From a row of `hours`: passed, degraded, failed, unknown, response_sum, response_min,
// response_max, histogram, then sum and count of dns, connect, tls, data; the first of them at
// `first`.
Tally read_tally(const sqlite::Rows& row, int first);

// Adds one result to the tally of its hour.
void count(Tally& tally, const PlainPass& pass);

class Rollup {
 public:
  explicit Rollup(size_t known_max = kHoursKnownMax) : known_max_(known_max) {}

  // Counts one attempt that was newly inserted.
  void add(const StoredAttempt& attempt);
  void add(const PlainPass& pass);
  // Adds what was counted to the rows, within the caller's transaction. When that is not committed,
  // forget() must follow.
  Result<void> write(sqlite::Database& database);
  void forget();

 private:
  struct Key {
    SystemTime hour;
    MonitorUid monitor;
    uint16_t location;
    auto operator<=>(const Key&) const = default;
  };
  Result<Tally*> known(sqlite::Database& database, const Key& key);
  void forget_old_hours();
  static Result<Tally> load(sqlite::Database& database, const Key& key);
  static Result<void> store(sqlite::Database& database, const Key& key, const Tally& tally);

  size_t known_max_;
  std::map<Key, Tally> fresh_;  // counted since the last write()
  std::map<Key, Tally> known_;  // as they stand in the table: nobody else writes it
};

}  // namespace tocsin
