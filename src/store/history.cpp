#include "store/history.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <tuple>
#include <utility>

#include "store/pass_search.h"
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

// Places of equal rows: newest first.
auto place_of(const ResultSample& sample) { return std::tuple(sample.slot, sample.location); }

Beat beat_of(const PlainPass& pass) {
  return {.slot = pass.slot,
          .verdict = Verdict::passed,
          .response_time = Duration(pass.response),
          .error = std::nullopt};
}

ResultSample sample_of(const PlainPass& pass) {
  return {.slot = pass.slot,
          .location = pass.location,
          .verdict = Verdict::passed,
          .response_time = Duration(pass.response),
          .phases = phases_of(pass)};
}

// Two lists, each newest first, as one of at most `limit`.
template <class T, class Place>
std::vector<T> joined(const std::vector<T>& rows, const std::vector<T>& passes, size_t limit,
                      Place place) {
  std::vector<T> all;
  all.reserve(rows.size() + passes.size());
  std::ranges::merge(rows, passes, std::back_inserter(all), std::ranges::greater(), place, place);
  all.resize(std::min(all.size(), limit));
  return all;
}

template <class T, class Make>
std::vector<T> each_of(const std::vector<PlainPass>& passes, Make make) {
  std::vector<T> made;
  made.reserve(passes.size());
  std::ranges::transform(passes, std::back_inserter(made), make);
  return made;
}

// Adds what is not counted in the rows yet to them; newest first.
void add_uncounted(const std::vector<HourTally>& uncounted, std::vector<HourTally>& hours) {
  const auto place = [](const HourTally& one) { return std::tuple(one.hour, one.location); };
  for (const HourTally& more : uncounted) {
    const auto found = std::ranges::lower_bound(hours, place(more), std::ranges::greater(), place);
    if (found != hours.end() && place(*found) == place(more)) {
      found->tally.add(more.tally);
    } else {
      hours.insert(found, more);
    }
  }
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
  sqlite::Transaction snapshot(database);
  if (Result<void> begun = snapshot.begin_reading(); !begun) {
    return std::unexpected(begun.error());
  }
  Result<std::vector<HourTally>> hours = read_rows<HourTally>(
      database.query(
          "SELECT hour, location, passed, degraded, failed, unknown, response_sum, response_min, "
          "response_max, histogram, dns_sum, dns_count, connect_sum, connect_count, tls_sum, "
          "tls_count, data_sum, data_count FROM hours "
          "WHERE monitor = ? AND hour >= ? AND hour < ? ORDER BY hour DESC, location DESC LIMIT ?",
          {monitor.value, span.from, span.to, kHourRowsMax}),
      hour_of_row);
  if (!hours) {
    return hours;
  }
  const Result<std::vector<HourTally>> uncounted = uncounted_hours(database, monitor, span);
  if (!uncounted) {
    return uncounted;
  }
  add_uncounted(*uncounted, *hours);
  return hours;
}

Result<std::vector<std::vector<Beat>>> list_beats(Database& database,
                                                  std::span<const MonitorUid> monitors,
                                                  size_t count) {
  sqlite::Transaction snapshot(database);
  if (Result<void> begun = snapshot.begin_reading(); !begun) {
    return std::unexpected(begun.error());
  }
  const size_t limit = std::clamp<size_t>(count, 1, kBeatsMax);
  const std::span<const MonitorUid> asked =
      monitors.first(std::min(monitors.size(), kBeatMonitorsMax));
  const Result<std::vector<std::vector<PlainPass>>> passes =
      newest_passes_of_each(database, asked, limit);
  if (!passes) {
    return std::unexpected(passes.error());
  }
  std::vector<std::vector<Beat>> beats;
  for (size_t index = 0; index < asked.size(); ++index) {
    const Result<std::vector<Beat>> rows =
        read_rows<Beat>(database.query(kBeats, {asked[index].value, limit}),
                        [](const Rows& row) { return beat_of(row); });
    if (!rows) {
      return std::unexpected(rows.error());
    }
    beats.push_back(joined(
        *rows, each_of<Beat>((*passes)[index], [](const PlainPass& pass) { return beat_of(pass); }),
        limit, &Beat::slot));
  }
  return beats;
}

Result<std::vector<ResultSample>> list_samples(Database& database, MonitorUid monitor,
                                               const TimeSpan& span, size_t limit) {
  sqlite::Transaction snapshot(database);
  if (Result<void> begun = snapshot.begin_reading(); !begun) {
    return std::unexpected(begun.error());
  }
  const size_t most = std::clamp<size_t>(limit, 1, kSamplesMax);
  const Result<std::vector<ResultSample>> rows =
      read_rows<ResultSample>(database.query(kSamples, {monitor.value, span.from, span.to, most}),
                              [](const Rows& row) { return sample_of(row); });
  if (!rows) {
    return rows;
  }
  const Result<std::vector<PlainPass>> passes =
      newest_passes(database, {.monitor = monitor, .span = span, .limit = most});
  if (!passes) {
    return std::unexpected(passes.error());
  }
  return joined(
      *rows, each_of<ResultSample>(*passes, [](const PlainPass& pass) { return sample_of(pass); }),
      most, [](const ResultSample& sample) { return place_of(sample); });
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
