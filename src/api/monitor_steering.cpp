// POST monitors/{id}/pause, resume, mute, unmute, run: state, for monitors of files too.
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/monitor_answer.h"

namespace tocsin {
namespace {

using Steer = void (*)(MonitorCommands& commands, MonitorUid uid, const MonitorDone& done);

void steer(ApiContext& api, const ApiRequest& request, const Respond& respond, Steer act) {
  const auto body = read_json_object(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  if (FieldReader fields(*body, {}); !fields.ok()) {
    respond(problem_response(fields.problem(), request.request_id));
    return;
  }
  const Asker asker{request.request_id, respond};
  tell_engine(api, asker, [&api, asker, act, id = request.captures.at(0)](Engine& engine) {
    const auto view = find_monitor(engine, id);
    if (!view) {
      answer_from_loop(api, asker, problem_response(view.error(), asker.request_id));
      return;
    }
    act(engine.commands(), view->uid, answer_when_done(api, asker, 200));
  });
}

}  // namespace

void post_pause(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  steer(api, request, respond,
        [](MonitorCommands& commands, MonitorUid uid, const MonitorDone& done) {
          commands.set_paused(uid, true, done);
        });
}

void post_resume(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  steer(api, request, respond,
        [](MonitorCommands& commands, MonitorUid uid, const MonitorDone& done) {
          commands.set_paused(uid, false, done);
        });
}

void post_mute(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  steer(api, request, respond,
        [](MonitorCommands& commands, MonitorUid uid, const MonitorDone& done) {
          commands.set_muted(uid, true, done);
        });
}

void post_unmute(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  steer(api, request, respond,
        [](MonitorCommands& commands, MonitorUid uid, const MonitorDone& done) {
          commands.set_muted(uid, false, done);
        });
}

void post_run(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  steer(api, request, respond,
        [](MonitorCommands& commands, MonitorUid uid, const MonitorDone& done) {
          commands.run_now(uid, done);
        });
}

}  // namespace tocsin
