#include "api/monitor_creation.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/json_writer.h"
#include "api/monitor_answer.h"
#include "api/monitor_json.h"
#include "core/advice.h"

namespace tocsin {
namespace {

constexpr int kIdTriesMax = 1000;
constexpr int kNextRuns = 5;

// Removed ones count for made ids only: who writes an id wants its history to go on.
bool is_free(Engine& engine, const std::string& id, bool is_made) {
  const auto view = engine.monitor(id);
  return !view || view->definition->id != id || (view->retired && !is_made);
}

const Monitor* first_taken(Engine& engine, const Creation& creation) {
  const auto taken = std::ranges::find_if(creation.monitors, [&](const Monitor& monitor) {
    return !is_free(engine, monitor.id, creation.is_made);
  });
  return taken == creation.monitors.end() ? nullptr : &*taken;
}

void rename(Creation& creation, const std::string& base) {
  for (Monitor& monitor : creation.monitors) {
    std::string id = base + monitor.id.substr(creation.base_id.size());
    monitor.name = monitor.name == monitor.id ? id : monitor.name;
    monitor.id = std::move(id);
  }
  creation.base_id = base;
}

void write_problems(JsonWriter& json, std::string_view name,
                    const std::vector<FieldProblem>& problems) {
  json.key(name).begin_list();
  for (const FieldProblem& problem : problems) {
    json.begin_object().field("pointer", problem.pointer).field("code", problem.code);
    json.field("message", problem.message);
    if (!problem.hint.empty()) {
      json.field("hint", problem.hint);
    }
    json.end_object();
  }
  json.end_list();
}

std::string sentence_of(const std::vector<Monitor>& monitors) {
  if (monitors.empty()) {
    return "";
  }
  const std::string first = monitor_sentence(monitors.front());
  return monitors.size() == 1 ? first
                              : fmt::format("{} monitors. The first: {}", monitors.size(), first);
}

}  // namespace

std::optional<Problem> settle_names(Engine& engine, Creation& creation) {
  const Monitor* taken = first_taken(engine, creation);
  const std::string base = creation.base_id;
  for (int number = 2; taken != nullptr && creation.is_made && number <= kIdTriesMax; ++number) {
    rename(creation, fmt::format("{}-{}", base, number));
    taken = first_taken(engine, creation);
  }
  if (taken != nullptr) {
    return id_taken(taken->id);
  }
  for (Monitor& monitor : creation.monitors) {
    monitor.project = kUiProject;
    if (const auto problems = engine.name_problems(monitor); !problems.empty()) {
      return unknown_names(problems);
    }
  }
  return std::nullopt;
}

void create_monitors(ApiContext& api, const Asker& asker, Engine& engine, Creation creation) {
  const bool is_many = creation.is_many;
  engine.commands().create(
      std::move(creation.monitors), creation.author,
      [&loop = api.loop, asker, is_many](const Result<std::vector<MonitorView>>& made) {
        loop.post([asker, is_many, made] {
          if (!made) {
            asker.respond(problem_response(problem_of(made.error()), asker.request_id));
            return;
          }
          if (!is_many) {
            asker.respond(monitor_answer(made->front(), 201));
            return;
          }
          JsonWriter json;
          json.begin_object().key("data").begin_list();
          for (const MonitorView& view : *made) {
            write_monitor(json, view, true);
          }
          json.end_list().end_object();
          asker.respond({.status = 201, .body = json.take()});
        });
      });
}

std::vector<FieldProblem> told_apart(const Problem& problem) {
  if (!problem.errors.empty()) {
    return problem.errors;
  }
  return {{.pointer = "/id", .code = problem.code, .message = problem.detail}};
}

void add_advice(Engine& engine, Creation& creation, MonitorUid self) {
  for (const Advice& advice : advise(creation.monitors.front())) {
    creation.warnings.push_back(
        {.pointer = "/" + advice.field, .code = "advice", .message = advice.message});
  }
  for (const Monitor& monitor : creation.monitors) {
    if (const auto why = engine.out_of_reach(monitor.target, creation.author)) {
      creation.warnings.push_back({.pointer = "/target",
                                   .code = "advice",
                                   .message = fmt::format("It would never be probed: {}.", *why)});
    }
    if (const auto why = monitor.proxy ? engine.out_of_reach(monitor.proxy->at, creation.author)
                                       : std::nullopt) {
      creation.warnings.push_back({.pointer = "/proxy",
                                   .code = "advice",
                                   .message = fmt::format("It would never be used: {}.", *why)});
    }
    const std::string other = engine.other_with_target(monitor.target, self);
    if (!other.empty()) {
      creation.warnings.push_back({.pointer = "/target",
                                   .code = "advice",
                                   .message = fmt::format("The monitor \"{}\" watches {} already.",
                                                          other, monitor.target.text())});
    }
  }
}

ApiResponse dry_run_answer(const Creation& creation, const std::vector<FieldProblem>& problems,
                           SystemTime first) {
  JsonWriter json;
  json.begin_object().key("monitors").begin_list();
  for (const Monitor& monitor : creation.monitors) {
    json.begin_object().field("id", monitor.id).field("name", monitor.name);
    json.field("target", monitor.target.text()).end_object();
  }
  json.end_list();
  write_problems(json, "problems", problems);
  write_problems(json, "warnings", creation.warnings);
  json.key("next_runs").begin_list();
  const bool runs = !creation.monitors.empty() && creation.monitors.front().enabled;
  for (int run = 0; runs && run < kNextRuns; ++run) {
    json.time(first + run * creation.monitors.front().interval);
  }
  json.end_list();
  json.field("sentence", sentence_of(creation.monitors)).end_object();
  return {.body = json.take()};
}

}  // namespace tocsin
