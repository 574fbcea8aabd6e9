#include "store/reader.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "store/json.h"
#include "store/result_list.h"

namespace tocsin {
namespace {

using sqlite::Rows;

constexpr size_t kTokensMax = 10'000;
constexpr const char* kAfterAll = "\xF4\x8F\xBF\xBF";  // U+10FFFF: no incident id comes behind it

size_t page_limit(size_t wanted) { return std::clamp<size_t>(wanted, 1, kPageMax); }

// Reads column 0 of every row with `parse`.
template <class T>
Result<std::vector<T>> read_all(Rows rows, Result<T> (*parse)(std::string_view)) {
  std::vector<T> values;
  while (true) {
    const Result<bool> found = rows.next();
    if (!found) {
      return std::unexpected(found.error());
    }
    if (!*found) {
      return values;
    }
    Result<T> value = parse(rows.text(0));
    if (!value) {
      return std::unexpected(value.error());
    }
    values.push_back(std::move(*value));
  }
}

HourRow hour_row(const Rows& row) {
  const auto number = [&](int column) { return static_cast<uint64_t>(row.integer(column)); };
  return HourRow{.monitor = {row.integer(0)},
                 .location = static_cast<uint16_t>(row.integer(1)),
                 .hour = row.time(2),
                 .passed = number(3),
                 .degraded = number(4),
                 .failed = number(5),
                 .unknown = number(6),
                 .sum = row.duration(7),
                 .min = row.duration(8),
                 .max = row.duration(9),
                 .histogram = std::string(row.text(10))};
}

}  // namespace

Result<std::vector<StoredResult>> SqliteReader::results(const ResultQuery& query) {
  return list_results(database_, query);
}

Result<std::optional<StoredResult>> SqliteReader::result(const ResultId& id) {
  return find_result(database_, id);
}

Result<std::vector<Incident>> SqliteReader::incidents(const IncidentQuery& query) {
  const std::string before = query.after ? query.after->value : kAfterAll;
  const size_t limit = page_limit(query.limit);
  if (query.monitor) {
    return read_all(
        database_.query("SELECT incident FROM incidents WHERE monitor = ?1 AND id < ?2 "
                        "AND (?3 IS NULL OR (closed IS NULL) = ?3) ORDER BY id DESC LIMIT ?4",
                        {query.monitor->value, before, query.open, limit}),
        incident_from_json);
  }
  if (query.open.value_or(false)) {
    return read_all(
        database_.query("SELECT incident FROM incidents WHERE closed IS NULL AND id < ?1 "
                        "ORDER BY id DESC LIMIT ?2",
                        {before, limit}),
        incident_from_json);
  }
  return read_all(
      database_.query("SELECT incident FROM incidents WHERE id < ?1 "
                      "AND (?2 IS NULL OR (closed IS NULL) = ?2) ORDER BY id DESC LIMIT ?3",
                      {before, query.open, limit}),
      incident_from_json);
}

Result<std::optional<Incident>> SqliteReader::incident(const IncidentId& id) {
  Result<std::vector<Incident>> found =
      read_all(database_.query("SELECT incident FROM incidents WHERE id = ?", {id.value}),
               incident_from_json);
  if (!found) {
    return std::unexpected(found.error());
  }
  return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<std::vector<Delivery>> SqliteReader::deliveries(const IncidentId& incident) {
  return read_all(database_.query("SELECT delivery FROM deliveries WHERE incident = ? "
                                  "ORDER BY number, channel LIMIT ?",
                                  {incident.value, kPageMax}),
                  delivery_from_json);
}

Result<std::vector<DeliveryAttempt>> SqliteReader::delivery_attempts(const std::string& key) {
  std::vector<DeliveryAttempt> attempts;
  const Result<void> done = sqlite::for_each_row(
      database_.query("SELECT number, at, took, ok, result FROM delivery_attempts WHERE key = ? "
                      "ORDER BY number LIMIT ?",
                      {key, kPageMax}),
      [&](const Rows& row) -> Result<void> {
        attempts.push_back({.key = key,
                            .number = static_cast<uint32_t>(row.integer(0)),
                            .at = row.time(1),
                            .took = row.duration(2),
                            .ok = row.integer(3) != 0,
                            .result = std::string(row.text(4))});
        return {};
      });
  return done ? Result<std::vector<DeliveryAttempt>>(std::move(attempts))
              : std::unexpected(done.error());
}

Result<std::vector<HourRow>> SqliteReader::hours(MonitorUid monitor, SystemTime from,
                                                 SystemTime to) {
  std::vector<HourRow> hours;
  const Result<void> done = sqlite::for_each_row(
      database_.query(
          "SELECT monitor, location, hour, passed, degraded, failed, unknown, response_sum, "
          "response_min, response_max, histogram FROM hours "
          "WHERE monitor = ? AND hour >= ? AND hour < ? ORDER BY hour DESC, location DESC LIMIT ?",
          {monitor.value, from, to, kHourRowsMax}),
      [&](const Rows& row) -> Result<void> {
        hours.push_back(hour_row(row));
        return {};
      });
  return done ? Result<std::vector<HourRow>>(std::move(hours)) : std::unexpected(done.error());
}

Result<std::vector<TokenRow>> SqliteReader::tokens() {
  std::vector<TokenRow> tokens;
  const Result<void> done = sqlite::for_each_row(
      database_.query(
          "SELECT id, hash, scope, name, created, revoked FROM tokens ORDER BY id LIMIT ?",
          {kTokensMax}),
      [&](const Rows& row) -> Result<void> {
        tokens.push_back({.id = std::string(row.text(0)),
                          .hash = std::string(row.text(1)),
                          .scope = std::string(row.text(2)),
                          .name = std::string(row.text(3)),
                          .created = row.time(4),
                          .revoked = row.integer(5) != 0});
        return {};
      });
  return done ? Result<std::vector<TokenRow>>(std::move(tokens)) : std::unexpected(done.error());
}

}  // namespace tocsin
