// GET monitors/{id}/results: newest first, finals only unless attempts=all; pages of JSON, or as a
// file all that match in one body.
#include <fmt/format.h>

#include <algorithm>

#include "api/handlers.h"
#include "api/paging.h"
#include "api/result_export.h"
#include "api/result_query.h"
#include "api/with_monitor.h"

namespace tocsin {
namespace {

// Of one body in CSV or NDJSON, as it is made at once; where there are more, a header says where to
// go on.
constexpr size_t kExportRowsMax = 10'000;
constexpr const char* kMoreHeader = "X-Next-Cursor";

Result<std::string> list_page(StoreReader& reader, ResultQuery query) {
  const size_t limit = query.limit;
  query.limit = rows_to_ask(limit);
  const auto rows = reader.results(query);
  if (!rows) {
    return std::unexpected(rows.error());
  }
  return result_page(*rows, limit);
}

// Page after page, as the store gives them.
Result<ApiResponse> export_file(StoreReader& reader, ResultQuery query, ListForm form,
                                size_t rows_max) {
  ApiResponse file{.content_type = std::string(list_content_type(form)), .body = export_head(form)};
  for (size_t left = rows_max; left > 0;) {
    query.limit = std::min(left, kPageMax);
    const auto rows = reader.results(query);
    if (!rows) {
      return std::unexpected(rows.error());
    }
    file.body += export_rows(form, *rows);
    left -= rows->size();
    if (rows->size() < query.limit) {
      return file;
    }
    query.after = rows->back().attempt.result.id;
  }
  query.limit = 1;
  const auto more = reader.results(query);
  if (more && !more->empty()) {
    file.headers.emplace_back(kMoreHeader, result_id_text(*query.after));
  }
  return file;
}

ApiResponse results_answer(ApiContext& api, const ResultQuery& query, ListForm form,
                           size_t rows_max, const std::string& request_id) {
  const auto reader = api.reader();
  if (!reader) {
    return problem_response(problem_of(reader.error()), request_id);
  }
  if (form != ListForm::json) {
    auto file = export_file(**reader, query, form, rows_max);
    return file ? std::move(*file) : problem_response(problem_of(file.error()), request_id);
  }
  auto page = list_page(**reader, query);
  return page ? ApiResponse{.body = std::move(*page)}
              : problem_response(problem_of(page.error()), request_id);
}

}  // namespace

void get_results(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto query = read_result_query(request);
  if (!query) {
    respond(problem_response(validation_failed({query.error()}), request.request_id));
    return;
  }
  const ListForm form = list_form(request.header("accept"));
  const size_t rows_max = request.query_value("limit") ? query->limit : kExportRowsMax;
  with_monitor(api, {request.request_id, respond}, request.captures.at(0),
               [&api, query = *query, form, rows_max, request_id = request.request_id,
                respond](const MonitorView& view) {
                 ResultQuery of_monitor = query;
                 of_monitor.monitor = view.uid;
                 if (of_monitor.after && of_monitor.after->monitor != view.uid) {
                   respond(problem_response(validation_failed({bad_cursor()}), request_id));
                   return;
                 }
                 respond(results_answer(api, of_monitor, form, rows_max, request_id));
               });
}

}  // namespace tocsin
