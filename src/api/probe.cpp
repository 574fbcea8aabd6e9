// POST probe: one attempt now, nothing stored; with Accept: text/event-stream told as it happens.
// What it may reach follows from who asks; the reach gate decides on the address really used.
#include "api/definition_body.h"
#include "api/handlers.h"
#include "api/header_list.h"
#include "api/json_body.h"
#include "api/probe_stream.h"
#include "api/result_json.h"
#include "api/services.h"
#include "api/sse.h"

namespace tocsin {
namespace {

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
    ticket->give_back();
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

// The stream is there from the start; a client that leaves does not stop the attempt.
void stream_probe(ApiContext& api, const Asker& asker, std::shared_ptr<const Monitor> monitor,
                  ReachRole role, ProbeGate::Ticket ticket) {
  Mailbox& loop = api.loop;
  const auto stream = std::make_shared<ProbeStream>();
  // Gone without a result (the server stops), the attempt says so itself.
  const std::shared_ptr<ProbeStream> told(
      stream.get(), [&loop, stream, id = asker.request_id](ProbeStream*) {
        loop.post([stream, id] {
          stream->tell_problem(problem_response(unavailable("The server is stopping."), id));
        });
      });
  const auto phase = [&loop, told](const PhaseEnd& end) {
    loop.post([told, end] { told->tell_phase(end); });
  };
  const auto done = [&loop, told, monitor, ticket = std::move(ticket)](const Attempt& attempt) {
    ticket->give_back();
    loop.post([told, monitor, attempt] {
      JsonWriter json;
      write_probe_answer(json, *monitor, attempt);
      told->tell_result(json.str());
    });
  };
  const bool is_taken =
      tell_engine(api, asker, [monitor = std::move(monitor), role, done, phase](Engine& engine) {
        engine.probe_now(monitor, role, done, phase);
      });
  if (is_taken) {
    asker.respond({.headers = {{"X-Accel-Buffering", "no"}},
                   .content_type = std::string(kEventStreamType),
                   .stream = stream});
  }
}

}  // namespace

void post_probe(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto body = read_json_object(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  const Caller& caller = request.caller;
  auto reading = read_definition(*body, {.author = reach_role(caller)});
  if (!reading) {
    respond(problem_response(reading.error(), request.request_id));
    return;
  }
  const size_t own_max = caller.is_local_socket ? kProbesAtOnce : kProbesAtOncePerToken;
  auto ticket = api.probes->enter(caller.id, own_max);
  if (!ticket) {
    respond(problem_response(too_many_probes(), request.request_id));
    return;
  }
  const auto run =
      accepts_type(request.header("accept"), kEventStreamType) ? stream_probe : run_probe;
  run(api, {request.request_id, respond},
      std::make_shared<const Monitor>(std::move(reading->monitors.front())), reach_role(caller),
      std::move(ticket));
}

}  // namespace tocsin
