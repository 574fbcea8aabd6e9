#include "api/overview_json.h"

#include <ranges>

#include "api/json_writer.h"

namespace tocsin {
namespace {

void write_counts(JsonWriter& json, const StatusCounts& counts) {
  using enum StatusKind;
  json.count_field("monitors", counts.monitors).key("by_status").begin_object();
  for (const StatusKind kind : {pending, up, degraded, down, unknown, paused}) {
    json.count_field(status_name(kind), counts.of(kind));
  }
  json.end_object();
}

}  // namespace

std::string summary_body(const Overview& overview) {
  JsonWriter json;
  json.begin_object();
  write_counts(json, overview.all);
  json.count_field("muted", overview.muted);
  json.count_field("open_incidents", overview.open_incidents).end_object();
  return json.take();
}

std::string counts_body(const std::map<std::string, StatusCounts>& counts) {
  JsonWriter json;
  json.begin_object().key("data").begin_list();
  for (const auto& [name, of_name] : counts | std::views::take(kNamesMax)) {
    json.begin_object().field("name", name);
    write_counts(json, of_name);
    json.end_object();
  }
  json.end_list().null_field("next_cursor").end_object();
  return json.take();
}

}  // namespace tocsin
