#include "api/monitor_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/json_writer.h"
#include "api/monitor_json.h"
#include "api/paging.h"
#include "base/bytes.h"

namespace tocsin {

std::expected<MonitorFilter, FieldProblem> read_monitor_filter(const ApiRequest& request) {
  MonitorFilter filter;
  const auto limit = page_limit(request);
  if (!limit) {
    return std::unexpected(limit.error());
  }
  filter.limit = *limit;
  if (const auto cursor = request.query_value("cursor")) {
    const auto uid = whole_number(*cursor);
    if (!uid || *uid == 0 || *uid > INT64_MAX) {
      return std::unexpected(bad_cursor());
    }
    filter.after = {static_cast<int64_t>(*uid)};
  }
  if (const auto status = request.query_value("status")) {
    filter.status = status_from_name(*status);
    if (!filter.status) {
      return std::unexpected(FieldProblem{
          .pointer = "?status",
          .code = "invalid_choice",
          .message = fmt::format(
              "status must be pending, up, degraded, down, unknown or paused, got \"{}\".",
              escape_for_display(*status, 40))});
    }
  }
  filter.tag = request.query_value("tag").value_or("");
  filter.project = request.query_value("project").value_or("");
  filter.search = request.query_value("search").value_or("");
  return filter;
}

std::string monitor_page(std::span<const MonitorView> views, size_t limit) {
  JsonWriter json;
  json.begin_object().key("data").begin_list();
  const auto shown = views.first(std::min(limit, views.size()));
  for (const MonitorView& view : shown) {
    write_monitor(json, view, false);
  }
  json.end_list().key("next_cursor");
  if (has_next(views.size(), limit)) {
    json.text(fmt::to_string(shown.back().uid.value));
  } else {
    json.null();
  }
  json.end_object();
  return json.take();
}

}  // namespace tocsin
