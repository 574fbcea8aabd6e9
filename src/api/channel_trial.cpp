// POST channels/{id}/test: one real `test` event through the sender, at once and once. It is no
// alert: nothing of it is stored or repeated. What the receiver answered is told by its status line
// alone.
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/json_writer.h"
#include "api/services.h"

namespace tocsin {
namespace {

Problem too_many_tests() {
  return {.status = 429,
          .code = "too_many_tests",
          .detail = "A test of yours is under way already. Try again when it has ended.",
          .headers = {{"Retry-After", "2"}}};
}

std::string trial_body(const SendOutcome& outcome) {
  JsonWriter json;
  json.begin_object();
  json.field("ok", outcome.kind == SendOutcome::Kind::delivered).field("result", outcome.result);
  json.ms_field("took_ms", outcome.took).end_object();
  return json.take();
}

}  // namespace

void post_channel_test(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto body = read_json_object(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  if (FieldReader fields(*body, {}); !fields.ok()) {
    respond(problem_response(fields.problem(), request.request_id));
    return;
  }
  auto ticket = api.channel_tests->enter(request.caller.id, 1);
  if (!ticket) {
    respond(problem_response(too_many_tests(), request.request_id));
    return;
  }
  const Asker asker{request.request_id, respond};
  // The ticket goes with the message: the place is free again when its outcome is known.
  auto done = [&loop = api.loop, asker, ticket](const SendOutcome& outcome) {
    ticket->give_back();
    loop.post([asker, outcome] { asker.respond({.body = trial_body(outcome)}); });
  };
  tell_engine(api, asker,
              [&loop = api.loop, asker, id = request.captures.at(0), done, ticket](Engine& engine) {
                const Result<void> begun = engine.channels().test(id, done);
                if (!begun) {
                  ticket->give_back();
                  loop.post([asker, error = begun.error()] {
                    asker.respond(problem_response(problem_of(error), asker.request_id));
                  });
                }
              });
}

}  // namespace tocsin
