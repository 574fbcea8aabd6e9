#include "api/monitor_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/json_writer.h"
#include "api/monitor_json.h"
#include "api/paging.h"
#include "base/bytes.h"

namespace tocsin {

namespace {

// "id,status": names of a row.
std::expected<std::vector<std::string>, FieldProblem> read_fields(std::string_view text) {
  const std::vector<std::string_view> known = monitor_row_names();
  std::vector<std::string> fields;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const std::string_view name = text.substr(0, comma);
    if (std::ranges::find(known, name) == known.end()) {
      const std::string nearest = nearest_name(name, known);
      return std::unexpected(FieldProblem{
          .pointer = "?fields",
          .code = "invalid_choice",
          .message = fmt::format("A row has no field \"{}\".", escape_for_display(name, 60)),
          .hint = nearest.empty() ? "" : fmt::format("Did you mean \"{}\"?", nearest)});
    }
    fields.emplace_back(name);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return fields;
}

}  // namespace

std::expected<MonitorQuery, FieldProblem> read_monitor_query(const ApiRequest& request) {
  MonitorQuery query;
  MonitorFilter& filter = query.filter;
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
  filter.group = request.query_value("group").value_or("");
  filter.project =
      request.query_value("owner").value_or(request.query_value("project").value_or(""));
  filter.search = request.query_value("search").value_or("");
  auto fields = read_fields(request.query_value("fields").value_or(""));
  if (!fields) {
    return std::unexpected(fields.error());
  }
  query.fields = std::move(*fields);
  return query;
}

std::string monitor_page(std::span<const MonitorView> views, size_t limit,
                         std::span<const std::string> fields) {
  JsonWriter json;
  json.begin_object().key("data").begin_list();
  const auto shown = views.first(std::min(limit, views.size()));
  for (const MonitorView& view : shown) {
    write_monitor(json, view, false, fields);
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
