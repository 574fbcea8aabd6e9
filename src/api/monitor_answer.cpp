#include "api/monitor_answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/monitor_config_json.h"
#include "api/monitor_json.h"
#include "base/bytes.h"

namespace tocsin {
namespace {

constexpr std::string_view kSpace = " \t";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  const size_t last = text.find_last_not_of(kSpace);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

Problem revision_differs(std::string_view revision) {
  return {.status = 412,
          .code = "revision_differs",
          .detail =
              fmt::format("The monitor was changed meanwhile; its revision is {} now.", revision)};
}

Problem removed(MonitorUid uid) {
  return not_found(fmt::format(
      "This monitor was removed. POST /api/v1/monitors/{}/restore brings it back.", uid.value));
}

}  // namespace

IfMatch if_match_of(const ApiRequest& request) {
  const auto sent = std::ranges::find(request.headers, "if-match", &NamedValue::first);
  return sent == request.headers.end() ? std::nullopt : IfMatch(sent->second);
}

bool matches_revision(const IfMatch& if_match, std::string_view revision) {
  if (!if_match || trimmed(*if_match) == "*") {
    return true;
  }
  std::string_view list = *if_match;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    const std::string_view tag = trimmed(list.substr(0, comma));
    if (tag.size() == revision.size() + 2 && tag.front() == '"' && tag.back() == '"' &&
        tag.substr(1, revision.size()) == revision) {
      return true;
    }
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

std::expected<MonitorView, Problem> find_monitor(Engine& engine, std::string_view id) {
  auto view = engine.monitor(id);
  if (!view) {
    return std::unexpected(not_found("There is no monitor with this id."));
  }
  if (view->retired) {
    return std::unexpected(is_of_ui(*view->definition)
                               ? removed(view->uid)
                               : not_found("This monitor is no longer in the files."));
  }
  return std::move(*view);
}

std::expected<MonitorView, Problem> find_own_monitor(Engine& engine, std::string_view id,
                                                     const IfMatch& if_match) {
  auto view = find_monitor(engine, id);
  if (!view) {
    return view;
  }
  if (!is_of_ui(*view->definition)) {
    return std::unexpected(Problem{
        .status = 409, .code = "owned_by_project", .detail = owner_sentence(*view->definition)});
  }
  const std::string revision = monitor_revision(*view);
  if (!matches_revision(if_match, revision)) {
    return std::unexpected(revision_differs(revision));
  }
  return view;
}

Problem id_taken(std::string_view id) {
  return {.status = 409,
          .code = "id_taken",
          .detail = fmt::format("There is a monitor with the id \"{}\" already.",
                                escape_for_display(id, 80))};
}

Problem unknown_names(const std::vector<NameProblem>& problems) {
  std::vector<FieldProblem> errors;
  errors.reserve(problems.size());
  for (const NameProblem& problem : problems) {
    errors.push_back({.pointer = problem.place,
                      .code = "unknown_name",
                      .message = problem.message,
                      .hint = problem.hint});
  }
  return validation_failed(std::move(errors));
}

SentBytes sent_bytes_for(const Caller& caller) {
  return caller.scope >= Scope::write ? SentBytes::show : SentBytes::hide;
}

ApiResponse monitor_answer(const MonitorView& view, int status, SentBytes own) {
  JsonWriter json;
  write_monitor(json, view, true, {}, own);
  ApiResponse response{.status = status, .body = json.take()};
  response.headers.emplace_back("ETag", fmt::format("\"{}\"", monitor_revision(view)));
  if (status == 201) {
    // The uid: it needs no escapes and stays when others take the id.
    response.headers.emplace_back("Location", fmt::format("/api/v1/monitors/{}", view.uid.value));
  }
  return response;
}

MonitorDone answer_when_done(ApiContext& api, const Asker& asker, int status) {
  return [&loop = api.loop, asker, status](const Result<MonitorView>& view) {
    loop.post([asker, status, view] {
      asker.respond(view ? monitor_answer(*view, status)
                         : problem_response(problem_of(view.error()), asker.request_id));
    });
  };
}

void answer_from_loop(ApiContext& api, const Asker& asker, ApiResponse response) {
  api.loop.post([respond = asker.respond, response = std::move(response)] { respond(response); });
}

}  // namespace tocsin
