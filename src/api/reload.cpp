// POST reload: the server reads its files again. All or nothing: with one mistake the running
// configuration stays, and every mistake is told.
#include <algorithm>

#include "api/config_problems.h"
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/services.h"

namespace tocsin {
namespace {

ApiResponse reload_answer(const ReloadAnswer& answer, const std::string& request_id) {
  if (std::ranges::any_of(answer.problems, [](const auto& one) { return !one.is_warning; })) {
    return problem_response(config_invalid(answer.problems), request_id);
  }
  if (!answer.summary) {
    return problem_response(problem_of(answer.summary.error()), request_id);
  }
  JsonWriter json;
  json.begin_object();
  json.count_field("added", answer.summary->added).count_field("changed", answer.summary->changed);
  json.count_field("kept", answer.summary->kept).count_field("retired", answer.summary->retired);
  json.count_field("revived", answer.summary->revived);
  json.key("warnings").begin_list();
  for (const ConfigProblem& warning : answer.problems) {
    json.text(problem_text(warning));
  }
  for (const std::string& warning : answer.summary->warnings) {
    json.text(warning);
  }
  for (const std::string& warning : answer.restart_needed) {
    json.text(warning);
  }
  json.end_list().end_object();
  return {.body = json.take()};
}

}  // namespace

void post_reload(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto body = read_json_object(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  if (FieldReader fields(*body, {}); !fields.ok()) {
    respond(problem_response(fields.problem(), request.request_id));
    return;
  }
  if (!api.services.reload) {
    respond(problem_response({.status = 409,
                              .code = "conflict",
                              .detail = "This server was started without configuration files."},
                             request.request_id));
    return;
  }
  api.services.reload(
      [&loop = api.loop, request_id = request.request_id, respond](ReloadAnswer answer) {
        loop.post([answer = std::move(answer), request_id, respond] {
          respond(reload_answer(answer, request_id));
        });
      });
}

}  // namespace tocsin
