#include "cli/token_command.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/bytes.h"
#include "base/json.h"
#include "cli/api_client.h"
#include "cli/api_problem.h"
#include "cli/token_store.h"

namespace tocsin::cli {
namespace {

ExitCode complain(const Shell& shell, const std::string& text, ExitCode code) {
  shell.say("tocsin token create: " + text);
  return code;
}

ExitCode print_token(const ApiReply& reply, const Shell& shell) {
  const auto json = parse_json(reply.body);
  if (!json.is_object() || !json.contains("token") || !json["token"].is_string()) {
    return complain(shell, "the server's answer holds no token", ExitCode::unreachable);
  }
  shell.out << json["token"].get_ref<const std::string&>() << "\n";
  return ExitCode::ok;
}

// The server's own socket is asked first; without an answer nobody may be running, and the lock
// tells.
ExitCode create(const Arguments& arguments, Shell& shell) {
  const std::string scope = *arguments.value("scope");
  const std::string name = arguments.value("name").value_or("cli");
  const auto server = read_server_address(arguments, shell.environment);
  if (!server) {
    return complain(shell, server.error().message, ExitCode::usage);
  }
  const nlohmann::json body = {{"scope", scope}, {"name", to_valid_utf8(name)}};
  const auto reply = ApiClient(*server).call("POST", "/api/v1/tokens", dump_json(body));
  if (reply) {
    const ExitCode code = exit_code_of(*reply);
    return code == ExitCode::ok ? print_token(*reply, shell)
                                : complain(shell, api_problem_text(*reply), code);
  }
  const std::filesystem::path data = *arguments.value("data");
  const bool was_there = std::filesystem::exists(data / "tocsin.db");
  const auto token = create_token_in_store(data, scope, name);
  if (!token) {
    const bool running = token.error().kind == ErrorKind::busy;
    return complain(shell,
                    running
                        ? token.error().message + "\n  it does not answer: " + reply.error().message
                        : token.error().message,
                    running ? ExitCode::unreachable : ExitCode::failed);
  }
  if (!was_there) {
    // A mistyped folder would otherwise give a token that works nowhere, without a word.
    shell.say("note: there was no store in " + data.string() + "; made one for a server to come");
  }
  shell.out << *token << "\n";
  return ExitCode::ok;
}

CommandSpec create_command() {
  return {
      .name = "create",
      .summary = "Make an API token and print it, this once.",
      .examples = {{"tocsin token create --data ./var --scope read > token"},
                   {"tocsin token create --data /var/lib/tocsin --scope write --name deploy"}},
      .flags = {{.name = "data",
                 .value = "DIR",
                 .help = "The server's data folder; the server may be running or not",
                 .required = true},
                {.name = "scope",
                 .value = "SCOPE",
                 .help = "What it may do",
                 .choices = {"read", "write", "admin"},
                 .required = true},
                {.name = "name", .value = "NAME", .help = "What it is for, shown in lists (cli)"}},
      .notes = "Only a hash of the token is kept: it cannot be shown again.",
      .run = create,
  };
}

}  // namespace

CommandSpec token_command() {
  return {
      .name = "token",
      .summary = "Manage API tokens.",
      .examples = {{"tocsin token create --data ./var --scope read"}},
      .commands = {create_command()},
  };
}

}  // namespace tocsin::cli
