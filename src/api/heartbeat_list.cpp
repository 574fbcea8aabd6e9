#include "api/heartbeat_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "api/json_writer.h"
#include "api/paging.h"
#include "base/bytes.h"

namespace tocsin {
namespace {

FieldProblem bad_ids() {
  return {.pointer = "?ids",
          .code = "out_of_range",
          .message = fmt::format("ids must be 1 to {} ids of monitors with commas between.",
                                 kBeatMonitorsMax)};
}

void write_beat(JsonWriter& json, const Beat& beat) {
  json.begin_object();
  json.field("slot", beat.slot).field("verdict", verdict_name(beat.verdict));
  json.us_field("response_time_us", beat.response_time).key("error");
  if (beat.error) {
    json.text(error_name(*beat.error));
  } else {
    json.null();
  }
  json.end_object();
}

}  // namespace

std::expected<HeartbeatQuery, FieldProblem> read_heartbeat_query(const ApiRequest& request) {
  HeartbeatQuery query;
  for (const auto part : std::views::split(request.query_value("ids").value_or(""), ',')) {
    query.ids.emplace_back(std::string_view(part));
    if (query.ids.back().empty() || query.ids.size() > kBeatMonitorsMax) {
      return std::unexpected(bad_ids());
    }
  }
  if (query.ids.empty()) {
    return std::unexpected(bad_ids());
  }
  if (const auto text = request.query_value("count")) {
    const auto count = whole_number(*text);
    if (!count || *count < 1 || *count > kBeatsMax) {
      return std::unexpected(FieldProblem{
          .pointer = "?count",
          .code = "out_of_range",
          .message = fmt::format("count must be a whole number from 1 to {}, got \"{}\".",
                                 kBeatsMax, escape_for_display(*text, 40))});
    }
    query.count = static_cast<size_t>(*count);
  }
  return query;
}

std::string heartbeats_body(std::span<const NamedUid> monitors,
                            std::span<const std::vector<Beat>> beats) {
  JsonWriter json;
  json.begin_object().key("data").begin_list();
  for (size_t index = 0; index < std::min(monitors.size(), beats.size()); ++index) {
    json.begin_object();
    json.field("id", monitors[index].id);
    json.field("uid", fmt::to_string(monitors[index].uid.value)).key("beats").begin_list();
    for (const Beat& beat : std::views::reverse(beats[index])) {
      write_beat(json, beat);
    }
    json.end_list().end_object();
  }
  json.end_list().null_field("next_cursor").end_object();
  return json.take();
}

}  // namespace tocsin
