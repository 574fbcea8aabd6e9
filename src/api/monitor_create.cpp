// POST monitors, POST monitors/{id}/clone.
#include <fmt/format.h>

#include <algorithm>

#include "api/handlers.h"
#include "api/json_body.h"
#include "api/monitor_answer.h"
#include "api/monitor_creation.h"
#include "api/paging.h"
#include "base/one_line.h"
#include "config/reader.h"

namespace tocsin {
namespace {

constexpr size_t kSuffixBytesMax = 20;  // of a made id: "-copy-999"

// "id" is ours, all else is the definition.
std::expected<std::string, Problem> take_id(BodyValue& body) {
  const auto found = std::ranges::find(body.members, "id", &BodyMember::name);
  if (found == body.members.end()) {
    return std::string();
  }
  if (!found->value.is_text() || found->value.text.empty()) {
    return std::unexpected(validation_failed(
        {{.pointer = "/id",
          .code = "wrong_type",
          .message = "id must be a text of letters, digits and _ - / # . (or left out)."}}));
  }
  std::string id = std::move(found->value.text);
  body.members.erase(found);
  return id;
}

std::string text_of(const BodyValue& body, std::string_view name) {
  const BodyValue* const value = body.find(name);
  return value != nullptr && value->is_text() ? value->text : "";
}

// From the name, else from where it connects.
std::string made_id(const BodyValue& body) {
  for (const std::string_view field : {"name", "target", "host", "preset"}) {
    if (const std::string text = text_of(body, field); !text.empty()) {
      return id_from(text);
    }
  }
  return id_from("");
}

std::expected<Creation, Problem> read_creation(BodyValue body, const Caller& caller) {
  auto id = take_id(body);
  if (!id) {
    return std::unexpected(id.error());
  }
  Creation creation;
  creation.is_made = id->empty();
  creation.base_id = creation.is_made ? made_id(body) : *id;
  creation.is_many = body.find("for_each") != nullptr;
  creation.author = reach_role(caller);
  auto reading = read_definition(
      body, {.id = creation.base_id, .author = creation.author, .may_be_many = true});
  if (!reading) {
    return std::unexpected(reading.error());
  }
  creation.monitors = std::move(reading->monitors);
  creation.warnings = std::move(reading->warnings);
  return creation;
}

void try_creation(ApiContext& api, const Asker& asker, const Creation& creation) {
  const SystemTime now = api.services.clock.system_now();
  tell_engine(api, asker, [&api, asker, creation, now](Engine& engine) {
    Creation planned = creation;
    const auto problem = settle_names(engine, planned);
    add_advice(engine, planned);
    // As if it were made now: the first run is at once.
    answer_from_loop(
        api, asker,
        dry_run_answer(planned, problem ? told_apart(*problem) : std::vector<FieldProblem>(), now));
  });
}

void do_creation(ApiContext& api, const Asker& asker, Creation creation) {
  tell_engine(api, asker, [&api, asker, creation = std::move(creation)](Engine& engine) {
    Creation planned = creation;
    if (const auto problem = settle_names(engine, planned)) {
      answer_from_loop(api, asker, problem_response(*problem, asker.request_id));
      return;
    }
    create_monitors(api, asker, engine, std::move(planned));
  });
}

// A copy of a project's monitor would show what its file keeps secret.
std::optional<Problem> refuse_clone(const Monitor& monitor, ReachRole author) {
  const bool sends = std::ranges::any_of(
      monitor.request, [](const Step& step) { return std::holds_alternative<SendStep>(step); });
  if (!is_of_ui(monitor) && (sends || !monitor.secrets.empty())) {
    return Problem{.status = 409,
                   .code = "owned_by_project",
                   .detail = owner_sentence(monitor) +
                             " What it sends or awaits may be a secret of that file, so it is not "
                             "copied."};
  }
  const TlsOptions& tls = monitor.tls;
  const bool needs_operator = monitor.target.is_unix() || !tls.certificate_file.empty() ||
                              !tls.key_file.empty() || !tls.ca_file.empty();
  if (needs_operator && author != ReachRole::operator_files) {
    return Problem{.status = 409,
                   .code = "operator_only",
                   .detail =
                       "The monitor uses a unix: target or files of the server: only the "
                       "operator of this machine can copy it."};
  }
  return std::nullopt;
}

Creation clone_of(const Monitor& original, const std::optional<std::string>& id,
                  const std::optional<std::string>& name, ReachRole author) {
  Monitor copy = original;
  copy.name = name.value_or(original.name + " (copy)");
  copy.id =
      id.value_or(name ? id_from(*name)
                       : original.id.substr(0, kMonitorIdBytesMax - kSuffixBytesMax) + "-copy");
  if (!is_of_ui(original)) {
    copy.depends_on.clear();  // they are its project's
  }
  return {.monitors = {copy},
          .warnings = {},
          .base_id = copy.id,
          .is_made = !id,
          .is_many = false,
          .author = author};
}

}  // namespace

void post_monitors(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  auto body = read_json_object(request);
  const auto dry_run = query_flag(request, "dry_run");
  if (!body || !dry_run) {
    respond(problem_response(!body ? body.error() : validation_failed({dry_run.error()}),
                             request.request_id));
    return;
  }
  const bool is_dry = dry_run->value_or(false);
  const Asker asker{request.request_id, respond};
  auto creation = read_creation(std::move(*body), request.caller);
  if (!creation) {
    respond(is_dry
                ? dry_run_answer({}, told_apart(creation.error()), api.services.clock.system_now())
                : problem_response(creation.error(), request.request_id));
    return;
  }
  is_dry ? try_creation(api, asker, *creation) : do_creation(api, asker, std::move(*creation));
}

void post_clone(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto body = read_json_object(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  FieldReader fields(*body, {"id", "name"});
  const auto id = fields.text("id", kMonitorIdBytesMax);
  const auto name = fields.text("name", kNameBytesMax);
  if (const auto wrong = id ? wrong_identifier(*id) : std::nullopt) {
    fields.refuse("id", "invalid_field", *wrong);
  }
  if (name && (name->empty() || !is_one_line(*name))) {
    fields.refuse("name", "invalid_field", "name must be one line of text.");
  }
  if (!fields.ok()) {
    respond(problem_response(fields.problem(), request.request_id));
    return;
  }
  const Asker asker{request.request_id, respond};
  tell_engine(api, asker,
              [&api, asker, id, name, of = request.captures.at(0),
               author = reach_role(request.caller)](Engine& engine) {
                const auto view = find_monitor(engine, of);
                std::optional<Problem> problem;
                if (!view) {
                  problem = view.error();
                } else {
                  problem = refuse_clone(*view->definition, author);
                }
                if (problem) {
                  answer_from_loop(api, asker, problem_response(*problem, asker.request_id));
                  return;
                }
                Creation creation = clone_of(*view->definition, id, name, author);
                problem = settle_names(engine, creation);
                if (problem) {
                  answer_from_loop(api, asker, problem_response(*problem, asker.request_id));
                  return;
                }
                create_monitors(api, asker, engine, std::move(creation));
              });
}

}  // namespace tocsin
