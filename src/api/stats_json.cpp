#include "api/stats_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/result_json.h"

namespace tocsin {
namespace {

constexpr uint32_t kP50 = 500, kP95 = 950, kP99 = 990;  // per thousand
constexpr uint64_t kMillion = 1'000'000;

// Millionths as a number from 0 to 1, without the noise of a float.
void write_share(JsonWriter& json, std::string_view name, std::optional<uint64_t> millionths) {
  json.key(name);
  if (!millionths) {
    json.null();
    return;
  }
  if (*millionths % kMillion == 0) {
    json.count(*millionths / kMillion);
    return;
  }
  std::string digits = fmt::format("0.{:06}", *millionths);
  digits.resize(digits.find_last_not_of('0') + 1);
  json.raw(digits);
}

void write_seconds(JsonWriter& json, std::string_view name, std::optional<Duration> value) {
  json.key(name);
  if (value) {
    json.number(std::chrono::duration_cast<std::chrono::seconds>(*value).count());
  } else {
    json.null();
  }
}

void write_counts(JsonWriter& json, const Tally& tally) {
  json.count_field("passed", tally.passed).count_field("degraded", tally.degraded);
  json.count_field("failed", tally.failed).count_field("unknown", tally.unknown);
  write_share(json, "availability", tally.availability_millionths());
}

void write_quantiles(JsonWriter& json, const Tally& tally) {
  json.us_field("p50_us", tally.quantile(kP50)).us_field("p95_us", tally.quantile(kP95));
  json.us_field("p99_us", tally.quantile(kP99)).us_field("max_us", tally.highest());
}

// The fields of one period; where it is a location's, incidents are not its own and so null.
void write_period(JsonWriter& json, const Tally& tally, const PeriodStats* whole) {
  json.count_field("runs", tally.runs());
  write_counts(json, tally);
  if (whole != nullptr) {
    write_seconds(json, "downtime_s", whole->downtime);
    json.count_field("incidents", whole->incidents);
    write_seconds(json, "mttr_s", whole->mean_repair);
  } else {
    json.null_field("downtime_s").null_field("incidents").null_field("mttr_s");
  }
  write_quantiles(json, tally);
}

void write_bucket(JsonWriter& json, SystemTime start, const Tally& tally) {
  json.begin_object();
  json.field("start", start);
  write_counts(json, tally);
  write_quantiles(json, tally);
  json.key("mean").begin_object();
  write_phases(json, {.dns = tally.mean(Phase::dns),
                      .connect = tally.mean(Phase::connect),
                      .tls = tally.mean(Phase::tls),
                      .data = tally.mean(Phase::data)});
  json.end_object().end_object();
}

}  // namespace

std::string stats_body(const StatsRange& range, const StatsWindow& window,
                       const Statistics& statistics) {
  JsonWriter json;
  json.begin_object();
  json.field("range", range.name).field("from", window.now.from);
  json.field("to", std::min(window.until, window.now.to));
  write_seconds(json, "bucket_s", window.bucket);
  json.key("now").begin_object();
  write_period(json, statistics.now.tally, &statistics.now);
  json.end_object().key("before").begin_object();
  write_period(json, statistics.before.tally, &statistics.before);
  json.end_object().key("buckets").begin_list();
  for (size_t index = 0; index < statistics.buckets.size(); ++index) {
    write_bucket(json, window.bucket_start(index), statistics.buckets[index]);
  }
  json.end_list().key("locations").begin_list();
  for (const LocationStats& location : statistics.locations) {
    json.begin_object().field("location", location_name(location.location));
    write_period(json, location.tally, nullptr);
    json.end_object();
  }
  json.end_list().end_object();
  return json.take();
}

void write_medians(JsonWriter& json, const Medians& middle) {
  write_phases(json, middle.phases);
  json.us_field("response_time_us", middle.response_time);
}

}  // namespace tocsin
