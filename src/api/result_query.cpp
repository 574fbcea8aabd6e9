#include "api/result_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/json_writer.h"
#include "api/paging.h"
#include "api/result_json.h"
#include "base/bytes.h"

namespace tocsin {
namespace {

// Names the nearest one: there are too many to list.
FieldProblem unknown_error(std::string_view got) {
  std::vector<std::string_view> known;
  for (const ErrorInfo& info : error_table()) {
    known.push_back(info.name);
  }
  const std::string near = nearest_name(got, known);
  return {.pointer = "?error",
          .code = "invalid_choice",
          .message = fmt::format("error must be the name of an error like tcp_refused, got \"{}\".",
                                 escape_for_display(got, 40)),
          .hint = near.empty() ? "" : fmt::format("Did you mean \"{}\"?", near)};
}

}  // namespace

std::expected<ResultQuery, FieldProblem> read_result_query(const ApiRequest& request) {
  ResultQuery query;
  const auto limit = page_limit(request);
  if (!limit) {
    return std::unexpected(limit.error());
  }
  query.limit = *limit;
  for (const std::string_view name : {"from", "to"}) {
    const auto time = query_time(request, name);
    if (!time) {
      return std::unexpected(time.error());
    }
    (name == "from" ? query.from : query.to) = *time;
  }
  if (const auto cursor = request.query_value("cursor")) {
    query.after = result_id_from_text(*cursor);
    if (!query.after) {
      return std::unexpected(bad_cursor());
    }
  }
  if (const auto verdict = request.query_value("verdict")) {
    query.verdict = verdict_from_name(*verdict);
    if (!query.verdict) {
      return std::unexpected(
          invalid_choice("verdict", "passed, degraded, failed or unknown", *verdict));
    }
  }
  if (const auto error = request.query_value("error")) {
    query.error = error_from_name(*error);
    if (!query.error) {
      return std::unexpected(unknown_error(*error));
    }
  }
  if (const auto location = request.query_value("location")) {
    query.location = location_from_name(*location);
    if (!query.location) {
      return std::unexpected(invalid_choice("location", "a location like \"local\"", *location));
    }
  }
  if (const auto attempts = request.query_value("attempts")) {
    if (*attempts != "all" && *attempts != "final") {
      return std::unexpected(invalid_choice("attempts", "final or all", *attempts));
    }
    query.finals_only = *attempts == "final";
  }
  return query;
}

std::string result_page(std::span<const StoredResult> rows, size_t limit) {
  JsonWriter json;
  json.begin_object().key("data").begin_list();
  const auto shown = rows.first(std::min(limit, rows.size()));
  for (const StoredResult& row : shown) {
    write_result(json, row);
  }
  json.end_list().key("next_cursor");
  if (has_next(rows.size(), limit)) {
    json.text(result_id_text(shown.back().attempt.result.id));
  } else {
    json.null();
  }
  json.end_object();
  return json.take();
}

}  // namespace tocsin
