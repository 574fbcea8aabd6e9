// GET incidents, GET incidents/{id}, POST incidents/{id}/acknowledge, POST incidents/{id}/note.
#include <algorithm>

#include "api/handlers.h"
#include "api/incident_json.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/with_monitor.h"
#include "base/one_line.h"

namespace tocsin {
namespace {

constexpr size_t kIncidentIdBytes = 36;  // UUID text

std::expected<IncidentQuery, FieldProblem> read_query(const ApiRequest& request) {
  IncidentQuery query;
  const auto limit = page_limit(request);
  if (!limit) {
    return std::unexpected(limit.error());
  }
  query.limit = *limit;
  const auto open = query_flag(request, "open");
  if (!open) {
    return std::unexpected(open.error());
  }
  query.open = *open;
  if (const auto cursor = request.query_value("cursor")) {
    if (cursor->size() != kIncidentIdBytes ||
        cursor->find_first_not_of("0123456789abcdef-") != std::string_view::npos) {
      return std::unexpected(bad_cursor());
    }
    query.after = IncidentId{std::string(*cursor)};
  }
  return query;
}

std::string incident_page(std::span<const Incident> rows, size_t limit) {
  JsonWriter json;
  json.begin_object().key("data").begin_list();
  const auto shown = rows.first(std::min(limit, rows.size()));
  for (const Incident& row : shown) {
    write_incident(json, row);
  }
  json.end_list().key("next_cursor");
  if (has_next(rows.size(), limit)) {
    json.text(shown.back().id.value);
  } else {
    json.null();
  }
  json.end_object();
  return json.take();
}

ApiResponse list_answer(ApiContext& api, IncidentQuery query, const std::string& request_id) {
  const size_t limit = query.limit;
  query.limit = rows_to_ask(limit);
  const auto reader = api.reader();
  if (!reader) {
    return problem_response(problem_of(reader.error()), request_id);
  }
  const auto rows = (*reader)->incidents(query);
  if (!rows) {
    return problem_response(problem_of(rows.error()), request_id);
  }
  return {.body = incident_page(*rows, limit)};
}

Result<std::vector<DeliveryLog>> delivery_logs(StoreReader& reader, const IncidentId& incident) {
  auto deliveries = reader.deliveries(incident);
  if (!deliveries) {
    return std::unexpected(deliveries.error());
  }
  std::vector<DeliveryLog> logs;
  for (Delivery& delivery : *deliveries) {
    auto attempts = reader.delivery_attempts(delivery.key);
    if (!attempts) {
      return std::unexpected(attempts.error());
    }
    logs.push_back({.delivery = std::move(delivery), .attempts = std::move(*attempts)});
  }
  return logs;
}

// The whole of one incident, or the Error that stood in the way.
Result<std::string> incident_body(ApiContext& api, const IncidentId& id) {
  const auto reader = api.reader();
  if (!reader) {
    return std::unexpected(reader.error());
  }
  const auto incident = (*reader)->incident(id);
  if (!incident) {
    return std::unexpected(incident.error());
  }
  if (!incident->has_value()) {
    return fail(ErrorKind::not_found, "There is no incident with this id.");
  }
  const auto logs = delivery_logs(**reader, id);
  if (!logs) {
    return std::unexpected(logs.error());
  }
  JsonWriter json;
  write_incident_detail(json, **incident, *logs);
  return json.take();
}

// Why an incident that the engine does not know as open cannot be acknowledged: the store knows all
// that ever were.
Problem not_acknowledged(ApiContext& api, const IncidentId& id) {
  const auto reader = api.reader();
  if (!reader) {
    return problem_of(reader.error());
  }
  const auto incident = (*reader)->incident(id);
  if (!incident) {
    return problem_of(incident.error());
  }
  if (!incident->has_value()) {
    return not_found("There is no incident with this id.");
  }
  const Incident& known = **incident;
  return {.status = 409,
          .code = "conflict",
          .detail = known.closed
                        ? closed_sentence({known.id, *known.closed, known.close_reason})
                        : "The incident has just closed; there is nothing to acknowledge."};
}

ApiResponse acknowledge_answer(ApiContext& api, const IncidentId& id,
                               const Result<IncidentView>& incident,
                               const std::string& request_id) {
  if (!incident) {
    const bool is_closed = incident.error().kind == ErrorKind::not_found;
    return problem_response(is_closed ? not_acknowledged(api, id) : problem_of(incident.error()),
                            request_id);
  }
  JsonWriter json;
  write_incident(json, *incident);
  return {.body = json.take()};
}

Result<Incident> stored_incident(ApiContext& api, const IncidentId& id) {
  const auto reader = api.reader();
  if (!reader) {
    return std::unexpected(reader.error());
  }
  auto incident = (*reader)->incident(id);
  if (!incident) {
    return std::unexpected(incident.error());
  }
  if (!*incident) {
    return fail(ErrorKind::not_found, "There is no incident with this id.");
  }
  return std::move(**incident);
}

// A note goes into notices and to terminals: lines and tabs are all the control characters it has.
std::optional<std::string> read_note(FieldReader& fields, bool is_required) {
  auto note = fields.text("note", kTextBytesMax, is_required);
  if (note) {
    std::string visible = *note;
    std::erase_if(visible, [](char c) { return c == '\n' || c == '\r' || c == '\t'; });
    if (!is_one_line(visible)) {
      fields.refuse("note", "invalid_field",
                    "note may hold no control characters but line ends and tabs.");
    }
  }
  return note;
}

}  // namespace

void get_incidents(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto query = read_query(request);
  if (!query) {
    respond(problem_response(validation_failed({query.error()}), request.request_id));
    return;
  }
  const auto monitor = request.query_value("monitor");
  if (!monitor) {
    respond(list_answer(api, *query, request.request_id));
    return;
  }
  ask_engine(
      api, {request.request_id, respond},
      [id = std::string(*monitor)](Engine& engine) { return engine.monitor(id); },
      [&api, query = *query, request_id = request.request_id,
       respond](const std::optional<MonitorView>& view) {
        if (!view) {
          respond(problem_response(not_found("There is no monitor with this id."), request_id));
          return;
        }
        IncidentQuery of_monitor = query;
        of_monitor.monitor = view->uid;
        respond(list_answer(api, of_monitor, request_id));
      });
}

void get_incident(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  auto body = incident_body(api, IncidentId{request.captures.at(0)});
  if (!body) {
    respond(problem_response(problem_of(body.error()), request.request_id));
    return;
  }
  respond({.body = std::move(*body)});
}

void post_note(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto body = read_json_object(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  FieldReader fields(*body, {"note"});
  const auto note = read_note(fields, true);
  if (note && note->find_first_not_of(" \t\r\n") == std::string::npos) {
    fields.refuse("note", "required", "note must say something.");
  }
  if (!fields.ok()) {
    respond(problem_response(fields.problem(), request.request_id));
    return;
  }
  const IncidentId id{request.captures.at(0)};
  const auto stored = stored_incident(api, id);
  if (!stored) {
    respond(problem_response(problem_of(stored.error()), request.request_id));
    return;
  }
  // The answer comes when the note is durable, and shows it as the store has it.
  const auto done = [&api, id, request_id = request.request_id, respond](const Result<void>& kept) {
    api.loop.post([&api, id, request_id, respond, kept] {
      respond_body(kept ? incident_body(api, id) : std::unexpected(kept.error()), request_id,
                   respond);
    });
  };
  tell_engine(api, {request.request_id, respond},
              [stored = *stored, by = request.caller.name, note = *note, done](Engine& engine) {
                engine.add_note(stored, by, note, done);
              });
}

void post_acknowledge(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto body = read_json_object(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  FieldReader fields(*body, {"note"});
  const auto note = read_note(fields, false);
  if (!fields.ok()) {
    respond(problem_response(fields.problem(), request.request_id));
    return;
  }
  // The answer comes when the acknowledgement is durable.
  const IncidentId id{request.captures.at(0)};
  const auto done = [&api, id, request_id = request.request_id,
                     respond](const Result<IncidentView>& incident) {
    api.loop.post([&api, id, request_id, respond, incident] {
      respond(acknowledge_answer(api, id, incident, request_id));
    });
  };
  tell_engine(api, {request.request_id, respond},
              [id, by = request.caller.name, note = note.value_or(""), done](Engine& engine) {
                engine.acknowledge(id, by, note, done);
              });
}

}  // namespace tocsin
