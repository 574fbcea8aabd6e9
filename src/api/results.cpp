// GET monitors/{id}/results: newest first, finals only unless attempts=all.
#include <fmt/format.h>

#include "api/handlers.h"
#include "api/paging.h"
#include "api/result_query.h"
#include "api/services.h"

namespace tocsin {
namespace {

void answer_results(ApiContext& api, const ResultQuery& query, size_t limit,
                    const std::string& request_id, const Respond& respond) {
  const auto reader = api.reader();
  if (!reader) {
    respond(problem_response(problem_of(reader.error()), request_id));
    return;
  }
  const auto rows = (*reader)->results(query);
  if (!rows) {
    respond(problem_response(problem_of(rows.error()), request_id));
    return;
  }
  respond({.body = result_page(*rows, limit)});
}

}  // namespace

void get_results(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  auto query = read_result_query(request);
  if (!query) {
    respond(problem_response(validation_failed({query.error()}), request.request_id));
    return;
  }
  const size_t limit = query->limit;
  query->limit = rows_to_ask(limit);
  ask_engine(
      api, {request.request_id, respond},
      [id = request.captures.at(0)](Engine& engine) { return engine.monitor(id); },
      [&api, query = *query, limit, request_id = request.request_id,
       respond](const std::optional<MonitorView>& view) {
        if (!view) {
          respond(problem_response(not_found("There is no monitor with this id."), request_id));
          return;
        }
        ResultQuery of_monitor = query;
        of_monitor.monitor = view->uid;
        if (of_monitor.after && of_monitor.after->monitor != view->uid) {
          respond(problem_response(validation_failed({bad_cursor()}), request_id));
          return;
        }
        answer_results(api, of_monitor, limit, request_id, respond);
      });
}

}  // namespace tocsin
