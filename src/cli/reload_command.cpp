#include "cli/reload_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "cli/api_client.h"
#include "cli/api_problem.h"
#include "cli/shown_text.h"

namespace tocsin::cli {
namespace {

constexpr size_t kWarningBytesMax = 2000;

ExitCode complain(const Shell& shell, const std::string& text, ExitCode code) {
  shell.say("tocsin reload: " + text);
  return code;
}

// Whether the server refused its files, and nothing else.
bool is_config_invalid(const ApiReply& reply) {
  const auto json = parse_json(reply.body);
  return json.is_object() && json.contains("code") && json["code"] == "config_invalid";
}

// "2 added, 1 changed, ..."; absent counts are zero.
std::string counts_text(const nlohmann::json& answer) {
  std::string text;
  for (const char* what : {"added", "changed", "kept", "retired", "revived"}) {
    const auto count = answer.find(what);
    const bool is_count = count != answer.end() && count->is_number_unsigned();
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", is_count ? count->get<uint64_t>() : 0,
                        what);
  }
  return text;
}

ExitCode run(const Arguments& arguments, Shell& shell) {
  const auto server = read_server_address(arguments, shell.environment);
  if (!server) {
    return complain(shell, server.error().message, ExitCode::usage);
  }
  const auto reply = ApiClient(*server).call("POST", "/api/v1/reload", "{}");
  if (!reply) {
    return complain(shell, reply.error().message + "\n  " + server->hint(), ExitCode::unreachable);
  }
  if (const ExitCode code = exit_code_of(*reply); code != ExitCode::ok) {
    return complain(shell, api_problem_text(*reply),
                    is_config_invalid(*reply) ? ExitCode::config_invalid : code);
  }
  const auto answer = parse_json(reply->body);
  if (!answer.is_object()) {
    return complain(shell, "the server's answer cannot be read", ExitCode::unreachable);
  }
  const auto warnings = answer.find("warnings");
  if (warnings != answer.end() && warnings->is_array()) {
    for (const auto& warning : *warnings) {
      if (warning.is_string()) {
        shell.say("warning: " +
                  shown_text(warning.get_ref<const std::string&>(), kWarningBytesMax));
      }
    }
  }
  shell.print("monitors: " + counts_text(answer) + "\n");
  return ExitCode::ok;
}

}  // namespace

CommandSpec reload_command() {
  return {
      .name = "reload",
      .summary = "Have a server read its configuration again.",
      .examples = {{"tocsin reload --data ./var"},
                   {"tocsin reload --server http://127.0.0.1:8400 --token-file token"}},
      .flags = server_flags(),
      .notes =
          "All or nothing: with one mistake the running configuration stays, and every "
          "mistake is told.\n"
          "Exit status: 0 applied, 3 invalid, 4 not an admin, 7 server unreachable, 2 usage.",
      .run = run,
  };
}

}  // namespace tocsin::cli
