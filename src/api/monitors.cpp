// GET monitors, GET monitors/{id}. The id is the logical id, percent-encoded, or the uid.
#include <fmt/format.h>

#include "api/handlers.h"
#include "api/monitor_answer.h"
#include "api/monitor_json.h"
#include "api/monitor_query.h"
#include "api/paging.h"
#include "api/services.h"

namespace tocsin {
namespace {

constexpr std::string_view kLines = "application/x-ndjson";

struct LinesRequest {
  Asker asker;
  MonitorQuery query;
  std::string lines;  // what is written so far, one row a line
};

// All rows, a page at a time, so that no more than one of them is held as views.
void answer_lines(ApiContext& api, const std::shared_ptr<LinesRequest>& list) {
  read_engine(api, list->asker, MonitorList{list->query.filter}, [&api, list](MonitorList& page) {
    if (page.starts_nowhere) {
      list->asker.respond(
          problem_response(validation_failed({bad_cursor()}), list->asker.request_id));
      return;
    }
    for (const MonitorView& view : page.rows) {
      JsonWriter json;
      write_monitor(json, view, false, list->query.fields);
      list->lines += json.take() + "\n";
    }
    if (page.rows.size() < list->query.filter.limit) {
      list->asker.respond({.content_type = std::string(kLines), .body = std::move(list->lines)});
      return;
    }
    list->query.filter.after = page.rows.back().uid;
    answer_lines(api, list);
  });
}

}  // namespace

void get_monitors(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  auto query = read_monitor_query(request);
  if (!query) {
    respond(problem_response(validation_failed({query.error()}), request.request_id));
    return;
  }
  if (request.header("accept").find(kLines) != std::string_view::npos) {
    query->filter.limit = kPageMax;
    answer_lines(api, std::make_shared<LinesRequest>(
                          LinesRequest{{request.request_id, respond}, std::move(*query), {}}));
    return;
  }
  const size_t limit = query->filter.limit;
  query->filter.limit = rows_to_ask(limit);
  read_engine(api, {request.request_id, respond}, MonitorList{query->filter},
              [limit, fields = std::move(query->fields), request_id = request.request_id,
               respond](const MonitorList& page) {
                respond(page.starts_nowhere
                            ? problem_response(validation_failed({bad_cursor()}), request_id)
                            : ApiResponse{.body = monitor_page(page.rows, limit, fields)});
              });
}

void get_monitor(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  ask_engine(
      api, {request.request_id, respond},
      [id = request.captures.at(0)](Engine& engine) { return find_monitor(engine, id); },
      [request_id = request.request_id, own = sent_bytes_for(request.caller),
       respond](const std::expected<MonitorView, Problem>& view) {
        respond(view ? monitor_answer(*view, 200, own)
                     : problem_response(view.error(), request_id));
      });
}

}  // namespace tocsin
