#include "store/rollup.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tocsin {

SystemTime hour_of(SystemTime at) { return std::chrono::floor<std::chrono::hours>(at); }

void Rollup::Counts::add(Verdict verdict, Duration response) {
  if (verdict == Verdict::failed || verdict == Verdict::unknown) {
    ++(verdict == Verdict::failed ? failed : unknown);
    return;
  }
  const bool first = passed + degraded == 0;
  min = first ? response : std::min(min, response);
  max = first ? response : std::max(max, response);
  sum += response;
  histogram.add(response);
  ++(verdict == Verdict::passed ? passed : degraded);
}

void Rollup::Counts::add(const Counts& other) {
  if (other.passed + other.degraded > 0) {
    const bool first = passed + degraded == 0;
    min = first ? other.min : std::min(min, other.min);
    max = first ? other.max : std::max(max, other.max);
  }
  passed += other.passed;
  degraded += other.degraded;
  failed += other.failed;
  unknown += other.unknown;
  sum += other.sum;
  histogram.merge(other.histogram);
}

void Rollup::add(const StoredAttempt& attempt) {
  if (!attempt.final_attempt) {
    return;
  }
  const ResultId& id = attempt.attempt.result.id;
  fresh_[Key{hour_of(id.slot), id.monitor, id.location}].add(attempt.attempt.evaluation.verdict,
                                                             attempt.attempt.result.response_time);
}

Result<Rollup::Counts> Rollup::load(sqlite::Database& database, const Key& key) {
  sqlite::Rows rows = database.query(
      "SELECT passed, degraded, failed, unknown, response_sum, response_min, response_max, "
      "histogram "
      "FROM hours WHERE hour = ? AND monitor = ? AND location = ?",
      {key.hour, key.monitor.value, key.location});
  const Result<bool> found = rows.next();
  if (!found) {
    return std::unexpected(found.error());
  }
  if (!*found) {
    return Counts{};
  }
  const auto number = [&](int column) { return static_cast<uint64_t>(rows.integer(column)); };
  Counts counts{.passed = number(0),
                .degraded = number(1),
                .failed = number(2),
                .unknown = number(3),
                .sum = rows.duration(4),
                .min = rows.duration(5),
                .max = rows.duration(6)};
  // A damaged histogram must not keep new results from being stored: this hour's begins anew, its
  // counts go on.
  if (Result<Histogram> histogram = Histogram::unpack(rows.text(7))) {
    counts.histogram = std::move(*histogram);
  }
  return counts;
}

Result<void> Rollup::store(sqlite::Database& database, const Key& key, const Counts& counts) {
  return database.run(
      "INSERT INTO hours (hour, monitor, location, passed, degraded, failed, unknown, "
      "response_sum, "
      "response_min, response_max, histogram) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT DO UPDATE SET passed = excluded.passed, degraded = excluded.degraded, "
      "failed = excluded.failed, unknown = excluded.unknown, response_sum = excluded.response_sum, "
      "response_min = excluded.response_min, response_max = excluded.response_max, "
      "histogram = excluded.histogram",
      {key.hour, key.monitor.value, key.location, counts.passed, counts.degraded, counts.failed,
       counts.unknown, counts.sum, counts.min, counts.max, sqlite::Blob{counts.histogram.pack()}});
}

// The row as it stands, remembered or read.
Result<Rollup::Counts*> Rollup::known(sqlite::Database& database, const Key& key) {
  const auto found = known_.find(key);
  if (found != known_.end()) {
    return &found->second;
  }
  Result<Counts> loaded = load(database, key);
  if (!loaded) {
    return std::unexpected(loaded.error());
  }
  while (!known_.empty() && known_.size() >= known_max_) {
    known_.erase(known_.begin());
  }
  return &known_.insert_or_assign(key, std::move(*loaded)).first->second;
}

Result<void> Rollup::write(sqlite::Database& database) {
  for (const auto& [key, counts] : std::exchange(fresh_, {})) {
    const Result<Counts*> total = known(database, key);
    if (!total) {
      return std::unexpected(total.error());
    }
    (*total)->add(counts);
    if (Result<void> stored = store(database, key, **total); !stored) {
      return stored;
    }
  }
  forget_old_hours();
  return {};
}

// What is over is hardly ever counted again, and must not outlive its row, which retention deletes.
void Rollup::forget_old_hours() {
  if (!known_.empty()) {
    const SystemTime newest = known_.rbegin()->first.hour;
    known_.erase(known_.begin(), known_.lower_bound(Key{newest - 1h, MonitorUid{INT64_MIN}, 0}));
  }
}

void Rollup::forget() {
  fresh_.clear();
  known_.clear();
}

}  // namespace tocsin
