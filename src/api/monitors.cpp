// GET monitors, GET monitors/{id}. The id is the logical id, percent-encoded, or the uid.
#include <fmt/format.h>

#include "api/handlers.h"
#include "api/monitor_json.h"
#include "api/monitor_query.h"
#include "api/paging.h"
#include "api/services.h"

namespace tocsin {

void get_monitors(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  auto filter = read_monitor_filter(request);
  if (!filter) {
    respond(problem_response(validation_failed({filter.error()}), request.request_id));
    return;
  }
  const size_t limit = filter->limit;
  filter->limit = rows_to_ask(limit);
  ask_engine(
      api, {request.request_id, respond},
      [filter = std::move(*filter)](Engine& engine) -> std::optional<std::vector<MonitorView>> {
        // Behind a monitor that is not there would be the first page again, and so without end.
        const bool is_known =
            filter.after.value == 0 || engine.monitor(fmt::to_string(filter.after.value));
        return is_known ? std::optional(engine.monitors(filter)) : std::nullopt;
      },
      [limit, request_id = request.request_id,
       respond](const std::optional<std::vector<MonitorView>>& views) {
        respond(views ? ApiResponse{.body = monitor_page(*views, limit)}
                      : problem_response(validation_failed({bad_cursor()}), request_id));
      });
}

void get_monitor(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  ask_engine(
      api, {request.request_id, respond},
      [id = request.captures.at(0)](Engine& engine) { return engine.monitor(id); },
      [request_id = request.request_id, respond](const std::optional<MonitorView>& view) {
        if (!view) {
          respond(problem_response(not_found("There is no monitor with this id."), request_id));
          return;
        }
        JsonWriter json;
        write_monitor(json, *view, true);
        respond({.body = json.take()});
      });
}

}  // namespace tocsin
