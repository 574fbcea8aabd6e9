#include "store/rollup.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tocsin {

// A damaged histogram must not keep new results from being stored, nor the rest from being read: it
// counts as empty, and the counts go on.
Tally read_tally(const sqlite::Rows& row, int first) {
  const auto number = [&](int column) {
    return static_cast<uint64_t>(row.integer(first + column));
  };
  Tally tally{.passed = number(0),
              .degraded = number(1),
              .failed = number(2),
              .unknown = number(3),
              .sum = row.duration(first + 4),
              .min = row.duration(first + 5),
              .max = row.duration(first + 6),
              .phases = {},
              .histogram = {}};
  if (Result<Histogram> histogram = Histogram::unpack(row.text(first + 7))) {
    tally.histogram = std::move(*histogram);
  }
  int column = 8;
  for (PhaseTally& phase : tally.phases) {
    phase = {.sum = row.duration(first + column), .count = number(column + 1)};
    column += 2;
  }
  return tally;
}

SystemTime hour_of(SystemTime at) { return std::chrono::floor<std::chrono::hours>(at); }

void count(Tally& tally, const PlainPass& pass) {
  tally.add(Verdict::passed, Duration(pass.response), phases_of(pass));
}

void Rollup::add(const StoredAttempt& attempt) {
  if (!attempt.final_attempt) {
    return;
  }
  const ResultId& id = attempt.attempt.result.id;
  fresh_[Key{hour_of(id.slot), id.monitor, id.location}].add(attempt.attempt.evaluation.verdict,
                                                             attempt.attempt.result.response_time,
                                                             attempt.attempt.result.phases);
}

void Rollup::add(const PlainPass& pass) {
  count(fresh_[Key{hour_of(pass.slot), pass.monitor, pass.location}], pass);
}

Result<Tally> Rollup::load(sqlite::Database& database, const Key& key) {
  sqlite::Rows rows = database.query(
      "SELECT passed, degraded, failed, unknown, response_sum, response_min, response_max, "
      "histogram, dns_sum, dns_count, connect_sum, connect_count, tls_sum, tls_count, data_sum, "
      "data_count FROM hours WHERE hour = ? AND monitor = ? AND location = ?",
      {key.hour, key.monitor.value, key.location});
  const Result<bool> found = rows.next();
  if (!found) {
    return std::unexpected(found.error());
  }
  return *found ? read_tally(rows, 0) : Tally{};
}

Result<void> Rollup::store(sqlite::Database& database, const Key& key, const Tally& tally) {
  const auto& [dns, connect, tls, data] = tally.phases;
  return database.run(
      "INSERT INTO hours (hour, monitor, location, passed, degraded, failed, unknown, "
      "response_sum, response_min, response_max, histogram, dns_sum, dns_count, connect_sum, "
      "connect_count, tls_sum, tls_count, data_sum, data_count) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT DO UPDATE SET passed = excluded.passed, degraded = excluded.degraded, "
      "failed = excluded.failed, unknown = excluded.unknown, response_sum = excluded.response_sum, "
      "response_min = excluded.response_min, response_max = excluded.response_max, "
      "histogram = excluded.histogram, dns_sum = excluded.dns_sum, "
      "dns_count = excluded.dns_count, connect_sum = excluded.connect_sum, "
      "connect_count = excluded.connect_count, tls_sum = excluded.tls_sum, "
      "tls_count = excluded.tls_count, data_sum = excluded.data_sum, "
      "data_count = excluded.data_count",
      {key.hour, key.monitor.value, key.location, tally.passed, tally.degraded, tally.failed,
       tally.unknown, tally.sum, tally.min, tally.max, sqlite::Blob{tally.histogram.pack()},
       dns.sum, dns.count, connect.sum, connect.count, tls.sum, tls.count, data.sum, data.count});
}

// The row as it stands, remembered or read.
Result<Tally*> Rollup::known(sqlite::Database& database, const Key& key) {
  const auto found = known_.find(key);
  if (found != known_.end()) {
    return &found->second;
  }
  Result<Tally> loaded = load(database, key);
  if (!loaded) {
    return std::unexpected(loaded.error());
  }
  while (!known_.empty() && known_.size() >= known_max_) {
    known_.erase(known_.begin());
  }
  return &known_.insert_or_assign(key, std::move(*loaded)).first->second;
}

Result<void> Rollup::write(sqlite::Database& database) {
  for (const auto& [key, tally] : std::exchange(fresh_, {})) {
    const Result<Tally*> total = known(database, key);
    if (!total) {
      return std::unexpected(total.error());
    }
    (*total)->add(tally);
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
