#include "cli/api_problem.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "cli/shown_text.h"

namespace tocsin::cli {
namespace {

// A field as text, safe to show; empty when it is absent or something else.
std::string text_of(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string()
             ? shown_text(found->get_ref<const std::string&>(), 2000)
             : std::string();
}

}  // namespace

std::string api_problem_text(const ApiReply& reply) {
  const auto json = parse_json(reply.body);
  if (!json.is_object() || text_of(json, "title").empty()) {
    return fmt::format("the server answered {} and no reason that this program can read",
                       reply.status);
  }
  const std::string detail = text_of(json, "detail");
  std::string text = text_of(json, "title") + (detail.empty() ? "" : ": " + detail);
  const auto errors = json.find("errors");
  if (errors != json.end() && errors->is_array()) {
    for (const auto& error : *errors) {
      if (!error.is_object()) {
        continue;
      }
      text += fmt::format("\n  {}: {}", text_of(error, "pointer"), text_of(error, "message"));
      const std::string hint = text_of(error, "hint");
      text += hint.empty() ? "" : "\n    hint: " + hint;
    }
  }
  if (reply.status == 401) {
    text += "\n  make a token with: tocsin token create --data DIR --scope read";
    text += "\n  and give it by --token-file FILE or TOCSIN_TOKEN";
  }
  return text;
}

ExitCode exit_code_of(const ApiReply& reply) {
  if (reply.status == 401 || reply.status == 403) {
    return ExitCode::not_logged_in;
  }
  if (reply.status == 404) {
    return ExitCode::not_found;
  }
  if (reply.status >= 500) {
    return ExitCode::unreachable;
  }
  return reply.status >= 200 && reply.status < 300 ? ExitCode::ok : ExitCode::failed;
}

}  // namespace tocsin::cli
