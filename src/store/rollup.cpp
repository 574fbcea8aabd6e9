#include "store/rollup.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tocsin {

SystemTime hour_of(SystemTime at) { return std::chrono::floor<std::chrono::hours>(at); }

void Rollup::add(const StoredAttempt& attempt) {
  if (!attempt.final_attempt) {
    return;
  }
  const ResultId& id = attempt.attempt.result.id;
  Counts& counts = hours_[Key{hour_of(id.slot), id.monitor, id.location}];
  switch (attempt.attempt.evaluation.verdict) {
    case Verdict::failed:
      ++counts.failed;
      return;
    case Verdict::unknown:
      ++counts.unknown;
      return;
    case Verdict::passed:
    case Verdict::degraded:
      break;
  }
  const Duration response = attempt.attempt.result.response_time;
  const bool first = counts.passed + counts.degraded == 0;
  counts.min = first ? response : std::min(counts.min, response);
  counts.max = first ? response : std::max(counts.max, response);
  counts.sum += response;
  counts.histogram.add(response);
  ++(attempt.attempt.evaluation.verdict == Verdict::passed ? counts.passed : counts.degraded);
}

// Adds the stored row, if there is one, to `counts`.
Result<void> Rollup::load(sqlite::Database& database, const Key& key, Counts& counts) {
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
    return {};
  }
  const auto number = [&](int column) { return static_cast<uint64_t>(rows.integer(column)); };
  if (number(0) + number(1) > 0) {
    const bool none_yet = counts.passed + counts.degraded == 0;
    counts.min = none_yet ? rows.duration(5) : std::min(counts.min, rows.duration(5));
    counts.max = none_yet ? rows.duration(6) : std::max(counts.max, rows.duration(6));
  }
  counts.passed += number(0);
  counts.degraded += number(1);
  counts.failed += number(2);
  counts.unknown += number(3);
  counts.sum += rows.duration(4);
  // A damaged histogram must not keep new results from being stored: this hour's begins anew, its
  // counts go on.
  if (const Result<Histogram> histogram = Histogram::unpack(rows.text(7))) {
    counts.histogram.merge(*histogram);
  }
  return {};
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

Result<void> Rollup::write(sqlite::Database& database) {
  for (auto& [key, counts] : std::exchange(hours_, {})) {
    if (Result<void> loaded = load(database, key, counts); !loaded) {
      return loaded;
    }
    if (Result<void> stored = store(database, key, counts); !stored) {
      return stored;
    }
  }
  return {};
}

}  // namespace tocsin
