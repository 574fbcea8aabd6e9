// POST monitors/batch: one action on up to kPageMax monitors, each with its own answer.
#include <algorithm>
#include <array>
#include <map>

#include "api/definition_body.h"
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/json_writer.h"
#include "api/monitor_answer.h"
#include "base/one_line.h"

namespace tocsin {
namespace {

struct BatchRequest {
  std::string action, tag;
  std::vector<std::string> ids;
  ReachRole author = ReachRole::editor_api;
};

constexpr std::array<std::string_view, 8> kActions = {"pause", "resume", "mute",    "unmute",
                                                      "run",   "delete", "add_tag", "remove_tag"};

// What came of all, until the last has ended.
struct BatchState {
  struct Row {
    std::string id;
    std::optional<Problem> problem;
  };
  Asker asker;
  std::vector<Row> rows;
  size_t open = 0;
};

bool changes_definition(std::string_view action) {
  return action == "delete" || action.ends_with("_tag");
}

std::vector<std::string> read_ids(FieldReader& fields, const BodyValue* ids) {
  std::vector<std::string> read;
  if (ids == nullptr) {
    fields.refuse("ids", "required", "\"ids\" is missing.");
  } else if (ids->kind != BodyValue::Kind::list ||
             !std::ranges::all_of(ids->items, &BodyValue::is_text)) {
    fields.refuse("ids", "wrong_type", "ids must be a list of ids or uids, as texts.");
  } else if (ids->items.empty() || ids->items.size() > kPageMax) {
    fields.refuse("ids", "out_of_range",
                  "ids must have 1 to 1000 items, not " + std::to_string(ids->items.size()) + ".");
  } else {
    std::ranges::transform(ids->items, std::back_inserter(read), &BodyValue::text);
  }
  return read;
}

std::expected<BatchRequest, Problem> read_batch(const BodyValue& body, const Caller& caller) {
  FieldReader fields(body, {"action", "ids", "tag"});
  BatchRequest batch;
  batch.author = reach_role(caller);
  batch.action = fields.text("action", kTagBytesMax, true).value_or("");
  const bool needs_tag = batch.action.ends_with("_tag");
  const auto tag = fields.text("tag", kTagBytesMax, needs_tag);
  if (!batch.action.empty() && std::ranges::find(kActions, batch.action) == kActions.end()) {
    fields.refuse("action", "invalid_choice",
                  "action must be pause, resume, mute, unmute, run, delete, add_tag or "
                  "remove_tag.");
  }
  if (needs_tag && tag && (tag->empty() || !is_one_line(*tag))) {
    fields.refuse("tag", "invalid_field",
                  "tag must be one line of text: the word to add or remove.");
  }
  batch.tag = tag.value_or("");
  batch.ids = read_ids(fields, body.find("ids"));
  if (!fields.ok()) {
    return std::unexpected(fields.problem());
  }
  return batch;
}

std::string batch_body(const BatchState& state) {
  JsonWriter json;
  json.begin_object().key("data").begin_list();
  for (const BatchState::Row& row : state.rows) {
    json.begin_object().field("id", row.id).field("ok", !row.problem);
    json.key("problem");
    if (row.problem) {
      json.begin_object().field("code", row.problem->code).field("detail", row.problem->detail);
      json.end_object();
    } else {
      json.null();
    }
    json.end_object();
  }
  json.end_list().end_object();
  return json.take();
}

// The definition with the tag or without it; what forbids that, else.
std::expected<Monitor, Problem> with_tag(const Monitor& monitor, const BatchRequest& batch) {
  Monitor changed = monitor;
  std::erase(changed.tags, batch.tag);
  if (batch.action == "add_tag") {
    changed.tags = monitor.tags;
    if (std::ranges::find(changed.tags, batch.tag) == changed.tags.end()) {
      changed.tags.push_back(batch.tag);
    }
    if (changed.tags.size() > kTagsMax) {
      return std::unexpected(Problem{
          .status = 422,
          .code = "validation_failed",
          .detail = "The monitor has " + std::to_string(kTagsMax) + " tags already; no more fit."});
    }
  }
  return changed;
}

void act(MonitorCommands& commands, const MonitorView& view, const BatchRequest& batch,
         const MonitorDone& done, std::optional<Problem>& problem) {
  const std::string& action = batch.action;
  if (action == "pause" || action == "resume") {
    commands.set_paused(view.uid, action == "pause", done);
  } else if (action == "mute" || action == "unmute") {
    commands.set_muted(view.uid, action == "mute", done);
  } else if (action == "run") {
    commands.run_now(view.uid, done);
  } else if (action == "delete") {
    commands.remove(view.uid, done);
  } else {
    auto changed = with_tag(*view.definition, batch);
    if (!changed) {
      problem = changed.error();
    } else if (same_definition(*changed, *view.definition)) {
      done(view);  // it has the tag already, or never had it
    } else {
      commands.change(view.uid, std::move(*changed), batch.author, done);
    }
  }
}

// On the loop: every command at once, so that all of them are one transaction.
void run_batch(ApiContext& api, Engine& engine, const BatchRequest& batch, const Asker& asker) {
  auto state = std::make_shared<BatchState>();
  state->asker = asker;
  state->open = batch.ids.size() + 1;
  const auto ended = [&api, state] {
    if (--state->open == 0) {
      answer_from_loop(api, state->asker, {.body = batch_body(*state)});
    }
  };
  for (const std::string& id : batch.ids) {
    state->rows.push_back({.id = id, .problem = std::nullopt});
  }
  for (size_t i = 0; i < batch.ids.size(); ++i) {
    const auto view = changes_definition(batch.action) ? find_own_monitor(engine, batch.ids[i], {})
                                                       : find_monitor(engine, batch.ids[i]);
    std::optional<Problem> problem;
    if (view) {
      act(
          engine.commands(), *view, batch,
          [state, i, ended](const Result<MonitorView>& done) {
            if (!done) {
              state->rows[i].problem = problem_of(done.error());
            }
            ended();
          },
          problem);
    } else {
      problem = view.error();
    }
    if (problem) {
      state->rows[i].problem = problem;
      ended();
    }
  }
  ended();
}

}  // namespace

void post_batch(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto body = read_json_object(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  auto batch = read_batch(*body, request.caller);
  if (!batch) {
    respond(problem_response(batch.error(), request.request_id));
    return;
  }
  const Asker asker{request.request_id, respond};
  tell_engine(api, asker, [&api, asker, batch = std::move(*batch)](Engine& engine) {
    run_batch(api, engine, batch, asker);
  });
}

}  // namespace tocsin
