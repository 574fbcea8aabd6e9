#include "store/history.h"

#include <algorithm>
#include <utility>

#include "store/result_rows.h"
#include "store/rollup.h"
#include "store/stored_text.h"

namespace tocsin {
namespace {

using sqlite::Database;
using sqlite::Rows;

// In both the index finds the rows and only their numbers are looked up.
constexpr const char* kBeats =
    "SELECT slot, verdict, response, error FROM "
    "(SELECT slot, monitor, location, epoch, attempt FROM results WHERE monitor = ?1 AND final = 1 "
    "ORDER BY slot DESC, location DESC, epoch DESC, attempt DESC LIMIT ?2) AS page "
    "CROSS JOIN results USING (slot, monitor, location, epoch, attempt)";
constexpr const char* kSamples =
    "SELECT slot, location, verdict, response, dns, connect, tls, data FROM "
    "(SELECT slot, monitor, location, epoch, attempt FROM results WHERE monitor = ?1 AND slot >= "
    "?2 AND slot < ?3 AND final = 1 "
    "ORDER BY slot DESC, location DESC, epoch DESC, attempt DESC LIMIT ?4) AS page "
    "CROSS JOIN results USING (slot, monitor, location, epoch, attempt)";

std::optional<Duration> optional_duration(const Rows& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.duration(column));
}

Error damaged() { return {ErrorKind::corrupt, "stored result: a number is out of its range"}; }

Result<Beat> beat_of(const Rows& row) {
  const std::optional<Verdict> verdict = verdict_of_column(row.integer(1));
  const std::optional<ProbeError> error =
      row.is_null(3) ? std::nullopt : error_of_column(row.integer(3));
  if (!verdict || (!error && !row.is_null(3))) {
    return std::unexpected(damaged());
  }
  return Beat{.slot = row.time(0),
              .verdict = *verdict,
              .response_time = row.duration(2),
              .error = error ? std::optional(error->code) : std::nullopt};
}

Result<ResultSample> sample_of(const Rows& row) {
  const std::optional<Verdict> verdict = verdict_of_column(row.integer(2));
  if (!verdict) {
    return std::unexpected(damaged());
  }
  return ResultSample{.slot = row.time(0),
                      .location = static_cast<uint16_t>(row.integer(1)),
                      .verdict = *verdict,
                      .response_time = row.duration(3),
                      .phases = {.dns = optional_duration(row, 4),
                                 .connect = optional_duration(row, 5),
                                 .tls = optional_duration(row, 6),
                                 .data = optional_duration(row, 7)}};
}

Result<HourTally> hour_of_row(const Rows& row) {
  return HourTally{.hour = row.time(0),
                   .location = static_cast<uint16_t>(row.integer(1)),
                   .tally = read_tally(row, 2)};
}

Result<IncidentSpan> span_of(const Rows& row) {
  IncidentSpan span{.began = row.is_null(0) ? row.time(1) : row.time(0),
                    .closed = {},
                    .is_down = row.text(3) != verdict_name(Verdict::degraded),
                    .has_recovered = row.text(4) == "recovered"};
  if (!row.is_null(2)) {
    span.closed = row.time(2);
  }
  return span;
}

}  // namespace

Result<std::vector<HourTally>> list_hours(Database& database, MonitorUid monitor,
                                          const TimeSpan& span) {
  return read_rows<HourTally>(
      database.query(
          "SELECT hour, location, passed, degraded, failed, unknown, response_sum, response_min, "
          "response_max, histogram, dns_sum, dns_count, connect_sum, connect_count, tls_sum, "
          "tls_count, data_sum, data_count FROM hours "
          "WHERE monitor = ? AND hour >= ? AND hour < ? ORDER BY hour DESC, location DESC LIMIT ?",
          {monitor.value, span.from, span.to, kHourRowsMax}),
      hour_of_row);
}

Result<std::vector<std::vector<Beat>>> list_beats(Database& database,
                                                  std::span<const MonitorUid> monitors,
                                                  size_t count) {
  sqlite::Transaction snapshot(database);
  if (Result<void> begun = snapshot.begin_reading(); !begun) {
    return std::unexpected(begun.error());
  }
  std::vector<std::vector<Beat>> beats;
  for (const MonitorUid monitor : monitors.first(std::min(monitors.size(), kBeatMonitorsMax))) {
    Result<std::vector<Beat>> newest = read_rows<Beat>(
        database.query(kBeats, {monitor.value, std::clamp<size_t>(count, 1, kBeatsMax)}), beat_of);
    if (!newest) {
      return std::unexpected(newest.error());
    }
    beats.push_back(std::move(*newest));
  }
  return beats;
}

Result<std::vector<ResultSample>> list_samples(Database& database, MonitorUid monitor,
                                               const TimeSpan& span, size_t limit) {
  return read_rows<ResultSample>(
      database.query(
          kSamples, {monitor.value, span.from, span.to, std::clamp<size_t>(limit, 1, kSamplesMax)}),
      sample_of);
}

// What is not a column stands in the text; SQLite reads it without the timeline being made into
// values.
Result<std::vector<IncidentSpan>> list_incident_spans(Database& database, MonitorUid monitor,
                                                      const TimeSpan& span) {
  return read_rows<IncidentSpan>(
      database.query("SELECT json_extract(incident, '$.began_us'), opened, closed, "
                     "json_extract(incident, '$.severity'), "
                     "json_extract(incident, '$.close_reason') FROM incidents "
                     "WHERE monitor = ?1 AND opened < ?3 AND (closed IS NULL OR closed >= ?2) "
                     "ORDER BY id DESC LIMIT ?4",
                     {monitor.value, span.from, span.to, kIncidentSpansMax}),
      span_of);
}

}  // namespace tocsin
