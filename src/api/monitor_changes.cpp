// PUT, PATCH and DELETE monitors/{id}, POST monitors/{id}/restore. A change is read on the API's
// thread and made on the engine's loop; should the monitor change between the two, the whole is
// done again on what it is by then. With ?dry_run=true it is told what would come of it, as of a
// new monitor.
#include <fmt/format.h>

#include "api/definition_body.h"
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/merge_patch.h"
#include "api/monitor_answer.h"
#include "api/monitor_config_json.h"
#include "api/monitor_creation.h"
#include "api/paging.h"
#include "config/monitor_writer.h"

namespace tocsin {
namespace {

constexpr int kTriesMax = 5;  // two people who type at once need two

struct ChangeRequest {
  Asker asker;
  std::string id;
  IfMatch if_match;
  BodyValue body;
  bool is_patch = false;
  bool is_dry = false;
  ReachRole author = ReachRole::editor_api;
  int tries = 0;
};

// What the definition shall be, as a body: the whole, or the patch laid over what is written now.
std::expected<BodyValue, Problem> wanted_body(const ChangeRequest& change, const Monitor& current) {
  if (!change.is_patch) {
    return change.body;
  }
  // A definition from a file may be larger than a body may be; one over the API never is.
  auto written = read_json(json_of(write_definition(current, SentBytes::show)));
  if (!written) {
    return written;
  }
  return merge_patch(std::move(*written), change.body);
}

std::expected<Creation, Problem> read_change(const ChangeRequest& change, const Monitor& current) {
  const auto body = wanted_body(change, current);
  if (!body) {
    return std::unexpected(body.error());
  }
  auto reading = read_definition(
      *body,
      {.id = current.id, .author = change.author, .may_be_many = false, .current = &current});
  if (!reading) {
    return std::unexpected(reading.error());
  }
  reading->monitors.front().project = kUiProject;
  return Creation{.monitors = std::move(reading->monitors),
                  .warnings = std::move(reading->warnings),
                  .base_id = current.id,
                  .author = change.author};
}

void begin_change(ApiContext& api, const std::shared_ptr<ChangeRequest>& change);

void refuse_change(ApiContext& api, const ChangeRequest& change, const Problem& problem) {
  answer_from_loop(api, change.asker, problem_response(problem, change.asker.request_id));
}

// On the loop. A run that is planned already stays where it is while the interval does.
void try_change(ApiContext& api, Engine& engine, const ChangeRequest& change,
                const MonitorView& view, Creation planned) {
  const auto names = engine.name_problems(planned.monitors.front());
  add_advice(engine, planned, view.uid);
  const bool keeps_pace = planned.monitors.front().interval == view.definition->interval;
  const SystemTime now = api.services.clock.system_now();
  answer_from_loop(
      api, change.asker,
      dry_run_answer(planned,
                     names.empty() ? std::vector<FieldProblem>() : told_apart(unknown_names(names)),
                     keeps_pace ? view.next_run.value_or(now) : now));
}

// On the loop.
void make_change(ApiContext& api, Engine& engine, const std::shared_ptr<ChangeRequest>& change,
                 const std::string& revision, const Creation& planned) {
  const auto view = find_own_monitor(engine, change->id, change->if_match);
  if (!view) {
    refuse_change(api, *change, view.error());
    return;
  }
  if (monitor_revision(*view) != revision && ++change->tries < kTriesMax) {
    api.loop.post([&api, change] { begin_change(api, change); });
    return;
  }
  if (change->is_dry) {
    try_change(api, engine, *change, *view, planned);
    return;
  }
  const Monitor& wanted = planned.monitors.front();
  if (const auto problems = engine.name_problems(wanted); !problems.empty()) {
    refuse_change(api, *change, unknown_names(problems));
    return;
  }
  engine.commands().change(view->uid, wanted, change->author,
                           answer_when_done(api, change->asker, 200));
}

void begin_change(ApiContext& api, const std::shared_ptr<ChangeRequest>& change) {
  ask_engine(
      api, change->asker,
      [change](Engine& engine) { return find_own_monitor(engine, change->id, change->if_match); },
      [&api, change](const std::expected<MonitorView, Problem>& view) {
        const Asker& asker = change->asker;
        if (!view) {
          asker.respond(problem_response(view.error(), asker.request_id));
          return;
        }
        auto wanted = read_change(*change, *view->definition);
        if (!wanted) {
          asker.respond(change->is_dry
                            ? dry_run_answer({}, told_apart(wanted.error()), SystemTime{})
                            : problem_response(wanted.error(), asker.request_id));
          return;
        }
        tell_engine(api, asker,
                    [&api, change, revision = monitor_revision(*view), wanted = std::move(*wanted)](
                        Engine& engine) { make_change(api, engine, change, revision, wanted); });
      });
}

void change_monitor(ApiContext& api, const ApiRequest& request, const Respond& respond,
                    bool is_patch) {
  auto body = read_json_object(request);
  const auto dry_run = query_flag(request, "dry_run");
  if (!body || !dry_run) {
    respond(problem_response(!body ? body.error() : validation_failed({dry_run.error()}),
                             request.request_id));
    return;
  }
  begin_change(
      api, std::make_shared<ChangeRequest>(ChangeRequest{.asker = {request.request_id, respond},
                                                         .id = request.captures.at(0),
                                                         .if_match = if_match_of(request),
                                                         .body = std::move(*body),
                                                         .is_patch = is_patch,
                                                         .is_dry = dry_run->value_or(false),
                                                         .author = reach_role(request.caller)}));
}

}  // namespace

void put_monitor(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  change_monitor(api, request, respond, false);
}

void patch_monitor(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  change_monitor(api, request, respond, true);
}

void delete_monitor(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const Asker asker{request.request_id, respond};
  tell_engine(
      api, asker,
      [&api, asker, id = request.captures.at(0), if_match = if_match_of(request)](Engine& engine) {
        const auto view = find_own_monitor(engine, id, if_match);
        if (!view) {
          answer_from_loop(api, asker, problem_response(view.error(), asker.request_id));
          return;
        }
        engine.commands().remove(view->uid, [&api, asker](const Result<MonitorView>& removed) {
          answer_from_loop(api, asker,
                           removed
                               ? ApiResponse{.status = 204}
                               : problem_response(problem_of(removed.error()), asker.request_id));
        });
      });
}

void post_restore(ApiContext& api, const ApiRequest& request, const Respond& respond) {
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
  tell_engine(api, asker, [&api, asker, id = request.captures.at(0)](Engine& engine) {
    const auto view = engine.monitor(id);
    std::optional<Problem> problem;
    if (!view) {
      problem = not_found("There is no monitor with this id.");
    } else if (!is_of_ui(*view->definition)) {
      problem = Problem{
          .status = 409, .code = "owned_by_project", .detail = owner_sentence(*view->definition)};
    } else if (view->retired) {
      const auto other = engine.monitor(view->definition->id);
      if (other && !other->retired && other->definition->id == view->definition->id) {
        problem = id_taken(view->definition->id);
      }
    }
    if (problem) {
      answer_from_loop(api, asker, problem_response(*problem, asker.request_id));
      return;
    }
    engine.commands().restore(view->uid, answer_when_done(api, asker, 200));
  });
}

}  // namespace tocsin
