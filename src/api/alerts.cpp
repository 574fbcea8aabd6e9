// GET alerts, GET alerts/{key}: everything that was told or kept quiet, newest first, with the
// reason. "Why was I not alerted?" is answered here.
#include "api/alert_json.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "api/with_monitor.h"

namespace tocsin {
namespace {

Result<std::string> list_answer(ApiContext& api, AlertQuery query) {
  const size_t limit = query.limit;
  query.limit = rows_to_ask(limit);
  const auto reader = api.reader();
  if (!reader) {
    return std::unexpected(reader.error());
  }
  const auto rows = (*reader)->alerts(query);
  if (!rows) {
    return std::unexpected(rows.error());
  }
  return alert_page(*rows, limit);
}

Result<std::string> one_answer(ApiContext& api, const std::string& key) {
  const auto reader = api.reader();
  if (!reader) {
    return std::unexpected(reader.error());
  }
  auto delivery = (*reader)->alert(key);
  if (!delivery) {
    return std::unexpected(delivery.error());
  }
  if (!*delivery) {
    return fail(ErrorKind::not_found, "There is no alert with this key.");
  }
  auto attempts = (*reader)->delivery_attempts(key);
  if (!attempts) {
    return std::unexpected(attempts.error());
  }
  return alert_body({.delivery = std::move(**delivery), .attempts = std::move(*attempts)});
}

}  // namespace

void get_alerts(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto query = read_alert_query(request);
  if (!query) {
    respond(problem_response(validation_failed({query.error()}), request.request_id));
    return;
  }
  const auto monitor = request.query_value("monitor");
  if (!monitor) {
    respond_body(list_answer(api, *query), request.request_id, respond);
    return;
  }
  with_monitor(
      api, {request.request_id, respond}, std::string(*monitor),
      [&api, query = *query, request_id = request.request_id, respond](const MonitorView& view) {
        AlertQuery of_monitor = query;
        of_monitor.monitor = view.uid;
        respond_body(list_answer(api, of_monitor), request_id, respond);
      });
}

void get_alert(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  respond_body(one_answer(api, request.captures.at(0)), request.request_id, respond);
}

}  // namespace tocsin
