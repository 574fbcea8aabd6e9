// POST probe: one attempt now, nothing stored. What it may reach follows from who asks; the reach
// gate decides on the address really used.
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/probe_body.h"
#include "api/result_json.h"
#include "api/services.h"

namespace tocsin {
namespace {

ReachRole reach_role(const Caller& caller) {
  if (caller.is_local_socket) {
    return ReachRole::operator_files;
  }
  return caller.scope == Scope::admin ? ReachRole::admin_api : ReachRole::editor_api;
}

Problem too_many_probes() {
  return {.status = 429,
          .code = "too_many_probes",
          .detail = "As many probes as allowed are running. Try again when one has ended.",
          .headers = {{"Retry-After", "2"}}};
}

// The ticket goes with the attempt: the place is free again when it has ended, heard or not.
void run_probe(ApiContext& api, const Asker& asker, std::shared_ptr<const Monitor> monitor,
               ReachRole role, ProbeGate::Ticket ticket) {
  const auto done = [&loop = api.loop, monitor, ticket = std::move(ticket),
                     respond = asker.respond](const Attempt& attempt) {
    loop.post([monitor, attempt, respond] {
      JsonWriter json;
      write_probe_answer(json, *monitor, attempt);
      respond({.body = json.take()});
    });
  };
  tell_engine(api, asker, [monitor = std::move(monitor), role, done](Engine& engine) {
    engine.probe_now(monitor, role, done);
  });
}

}  // namespace

void post_probe(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto body = read_json_object(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  const Caller& caller = request.caller;
  auto monitor = read_probe_body(*body, caller.is_local_socket);
  if (!monitor) {
    respond(problem_response(monitor.error(), request.request_id));
    return;
  }
  const size_t own_max = caller.is_local_socket ? kProbesAtOnce : kProbesAtOncePerToken;
  auto ticket = api.probes->enter(caller.id, own_max);
  if (!ticket) {
    respond(problem_response(too_many_probes(), request.request_id));
    return;
  }
  run_probe(api, {request.request_id, respond},
            std::make_shared<const Monitor>(std::move(*monitor)), reach_role(caller),
            std::move(ticket));
}

}  // namespace tocsin
