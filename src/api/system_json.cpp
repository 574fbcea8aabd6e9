#include "api/system_json.h"

#include <algorithm>
#include <cmath>

#include "api/json_writer.h"

namespace tocsin {
namespace {

int64_t seconds(Duration value) {
  return std::chrono::duration_cast<std::chrono::seconds>(value).count();
}

void write_store(JsonWriter& json, const SystemFacts& facts) {
  const StoreHealth& store = facts.health.store;
  json.key("store").begin_object().field("path", facts.store_path).key("bytes");
  if (facts.store_bytes) {
    json.count(*facts.store_bytes);
  } else {
    json.null();
  }
  json.count_field("results_written", store.results_written);
  json.count_field("results_dropped", store.results_dropped);
  json.count_field("rows_waiting", store.rows_waiting);
  json.field("reserve_used", store.reserve_used).field("volatile", store.is_volatile);
  json.end_object();
}

void write_canary(JsonWriter& json, const CanaryView& canary) {
  json.key("canary").begin_object().field("watching", canary.is_watching);
  json.field("answers", canary.answers).key("why");
  canary.why.empty() ? json.null() : json.text(canary.why);
  json.field("black_hole_silent", canary.is_black).us_field("timeout_late_us", canary.late);
  json.end_object();
}

// What a check needs of our own side.
void write_own(JsonWriter& json, const SystemFacts& facts) {
  const OwnSide& own = facts.health.own;
  json.key("own").begin_object().count_field("slots", own.slots);
  json.count_field("put_off", own.put_off).count_field("given_up", own.given_up);
  json.count_field("withheld", own.withheld);
  json.count_field("ticks_left_out", facts.health.skipped_overload);
  json.count_field("one_tick_of", own.stretch);
  json.number_field("busy_percent", std::lround(own.busy * 100));
  json.field("realtime", facts.realtime).text_list_field("short_of_ports", own.short_of_ports);
  write_canary(json, own.canary);
  json.end_object();
}

void write_work(JsonWriter& json, const EngineHealth& health, IoBackend io) {
  json.count_field("monitors", health.monitors).count_field("enabled", health.enabled);
  json.key("probes").begin_object().count_field("in_flight", health.in_flight);
  json.count_field("waiting", health.probes_waiting);
  json.field("io", io_backend_name(io)).end_object();
  json.key("lag_us").begin_object().us_field("p50", health.lag_p50);
  json.us_field("p99", health.lag_p99).us_field("max", health.lag_max).end_object();
}

void write_deliveries(JsonWriter& json, const EngineHealth& health) {
  json.key("deliveries").begin_object().count_field("waiting", health.deliveries_waiting);
  json.count_field("delivered", health.deliveries_delivered);
  json.count_field("failed_attempts", health.deliveries_failed_attempts);
  json.count_field("dead", health.deliveries_dead).end_object();
}

}  // namespace

std::string system_body(const SystemFacts& facts) {
  JsonWriter json;
  json.begin_object().field("version", facts.version).field("started", facts.started);
  json.number_field("uptime_s", std::max<int64_t>(seconds(facts.now - facts.started), 0));
  write_work(json, facts.health, facts.io);
  write_own(json, facts);
  write_store(json, facts);
  write_deliveries(json, facts.health);
  json.key("config").begin_object().text_list_field("files", facts.config_files);
  json.field("loaded", facts.health.config_loaded).key("error");
  if (facts.health.config_error.empty()) {
    json.null();
  } else {
    json.text(facts.health.config_error);
  }
  json.end_object().key("retention").begin_object();
  json.number_field("raw_s", seconds(facts.retention.raw));
  json.number_field("failures_s", seconds(facts.retention.failures));
  json.number_field("hourly_s", seconds(facts.retention.hourly)).end_object().end_object();
  return json.take();
}

}  // namespace tocsin
