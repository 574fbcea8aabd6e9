#include "store/reader.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "store/alert_list.h"
#include "store/history.h"
#include "store/json.h"
#include "store/neighbours.h"
#include "store/result_list.h"
#include "store/stored_text.h"

namespace tocsin {
namespace {

using sqlite::Rows;

constexpr size_t kTokensMax = 10'000;
constexpr size_t kUsersMax = 10'000;
constexpr size_t kSessionsMax = 1'000'000;             // the API keeps 100 for each user
constexpr const char* kAfterAll = "\xF4\x8F\xBF\xBF";  // U+10FFFF: no incident id comes behind it

size_t page_limit(size_t wanted) { return std::clamp<size_t>(wanted, 1, kPageMax); }

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
    return read_rows<Incident>(
        database_.query("SELECT incident FROM incidents WHERE monitor = ?1 AND id < ?2 "
                        "AND (?3 IS NULL OR (closed IS NULL) = ?3) ORDER BY id DESC LIMIT ?4",
                        {query.monitor->value, before, query.open, limit}),
        from_text(incident_from_json));
  }
  if (query.open.value_or(false)) {
    return read_rows<Incident>(
        database_.query("SELECT incident FROM incidents WHERE closed IS NULL AND id < ?1 "
                        "ORDER BY id DESC LIMIT ?2",
                        {before, limit}),
        from_text(incident_from_json));
  }
  return read_rows<Incident>(
      database_.query("SELECT incident FROM incidents WHERE id < ?1 "
                      "AND (?2 IS NULL OR (closed IS NULL) = ?2) ORDER BY id DESC LIMIT ?3",
                      {before, query.open, limit}),
      from_text(incident_from_json));
}

Result<std::optional<Incident>> SqliteReader::incident(const IncidentId& id) {
  return first_of(read_rows<Incident>(
      database_.query("SELECT incident FROM incidents WHERE id = ?", {id.value}),
      from_text(incident_from_json)));
}

Result<std::vector<Delivery>> SqliteReader::deliveries(const IncidentId& incident) {
  return read_rows<Delivery>(database_.query("SELECT delivery FROM deliveries WHERE incident = ? "
                                             "ORDER BY number, channel LIMIT ?",
                                             {incident.value, kPageMax}),
                             from_text(delivery_from_json));
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

Result<std::vector<HourTally>> SqliteReader::hours(MonitorUid monitor, SystemTime from,
                                                   SystemTime to) {
  return list_hours(database_, monitor, {.from = from, .to = to});
}

Result<std::vector<std::vector<Beat>>> SqliteReader::beats(std::span<const MonitorUid> monitors,
                                                           size_t count) {
  return list_beats(database_, monitors, count);
}

Result<std::vector<ResultSample>> SqliteReader::samples(MonitorUid monitor, SystemTime from,
                                                        SystemTime to, size_t limit) {
  return list_samples(database_, monitor, {.from = from, .to = to}, limit);
}

Result<Neighbours> SqliteReader::neighbours(const ResultId& id) {
  return find_neighbours(database_, id);
}

Result<std::vector<IncidentSpan>> SqliteReader::incident_spans(MonitorUid monitor, SystemTime from,
                                                               SystemTime to) {
  return list_incident_spans(database_, monitor, {.from = from, .to = to});
}

Result<std::vector<Delivery>> SqliteReader::alerts(const AlertQuery& query) {
  return list_alerts(database_, query);
}

Result<std::optional<Delivery>> SqliteReader::alert(const std::string& key) {
  return find_alert(database_, key);
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

Result<std::vector<UserRow>> SqliteReader::users() {
  std::vector<UserRow> users;
  const Result<void> done = sqlite::for_each_row(
      database_.query(
          "SELECT name, password_hash, created, password_changed FROM users ORDER BY name LIMIT ?",
          {kUsersMax}),
      [&](const Rows& row) -> Result<void> {
        users.push_back({.name = std::string(row.text(0)),
                         .password_hash = std::string(row.text(1)),
                         .created = row.time(2),
                         .password_changed = row.time(3)});
        return {};
      });
  return done ? Result<std::vector<UserRow>>(std::move(users)) : std::unexpected(done.error());
}

Result<std::vector<SessionRow>> SqliteReader::sessions() {
  std::vector<SessionRow> sessions;
  const Result<void> done = sqlite::for_each_row(
      database_.query("SELECT hash, user, created, last_used FROM sessions ORDER BY hash LIMIT ?",
                      {kSessionsMax}),
      [&](const Rows& row) -> Result<void> {
        sessions.push_back({.hash = std::string(row.text(0)),
                            .user = std::string(row.text(1)),
                            .created = row.time(2),
                            .last_used = row.time(3)});
        return {};
      });
  return done ? Result<std::vector<SessionRow>>(std::move(sessions))
              : std::unexpected(done.error());
}

}  // namespace tocsin
