#include "cli/user_command.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "api/password_rules.h"
#include "base/bytes.h"
#include "base/json.h"
#include "cli/api_client.h"
#include "cli/api_problem.h"
#include "cli/password_prompt.h"
#include "cli/user_store.h"

namespace tocsin::cli {
namespace {

// What the two commands differ in.
struct Deed {
  std::string command;  // "tocsin user create"
  std::string method, path;
  nlohmann::json body;
  Result<void> (*in_store)(const std::filesystem::path& data, const std::string& name,
                           const std::string& password);
  std::string done;  // said when it worked
};

ExitCode complain(const Shell& shell, const Deed& deed, const std::string& text, ExitCode code) {
  shell.say(deed.command + ": " + text);
  return code;
}

ExitCode exit_code_of_store(const Error& error) {
  switch (error.kind) {
    case ErrorKind::busy:
      return ExitCode::unreachable;  // a server runs, and does not answer
    case ErrorKind::not_found:
      return ExitCode::not_found;
    default:
      return ExitCode::failed;
  }
}

// The server's own socket is asked first; without an answer nobody may be running, and the lock
// tells.
ExitCode ask_server_or_store(const Deed& deed, const std::filesystem::path& data,
                             const std::string& name, const std::string& password, Shell& shell) {
  const ServerAddress server{.url = "http://localhost", .socket = data / "tocsin.sock"};
  const auto reply = ApiClient(server).call(deed.method, deed.path, dump_json(deed.body));
  if (reply) {
    const ExitCode code = exit_code_of(*reply);
    if (code != ExitCode::ok) {
      return complain(shell, deed, api_problem_text(*reply), code);
    }
    shell.print(deed.done);
    return ExitCode::ok;
  }
  const bool was_there = std::filesystem::exists(data / "tocsin.db");
  const Result<void> done = deed.in_store(data, name, password);
  if (!done) {
    const bool is_running = done.error().kind == ErrorKind::busy;
    return complain(shell, deed,
                    is_running
                        ? done.error().message + "\n  it does not answer: " + reply.error().message
                        : done.error().message,
                    exit_code_of_store(done.error()));
  }
  if (!was_there) {
    // A mistyped folder would otherwise give a user nowhere, without a word.
    shell.say("note: there was no store in " + data.string() + "; made one for a server to come");
  }
  shell.print(deed.done);
  return ExitCode::ok;
}

ExitCode run(Deed deed, const Arguments& arguments, Shell& shell) {
  const std::string& name = arguments.positionals.front();
  if (const auto problem = user_name_problem(name)) {
    return complain(shell, deed, *problem, ExitCode::usage);
  }
  const auto password = read_new_password(shell);
  if (!password) {
    return complain(shell, deed, password.error().message, ExitCode::usage);
  }
  // JSON is UTF-8; a password of other bytes could never be typed into a browser.
  if (!is_valid_utf8(*password)) {
    return complain(shell, deed, "the password is not valid UTF-8", ExitCode::usage);
  }
  deed.body["password"] = *password;
  return ask_server_or_store(deed, *arguments.value("data"), name, *password, shell);
}

ExitCode create(const Arguments& arguments, Shell& shell) {
  const std::string& name = arguments.positionals.front();
  return run({.command = "tocsin user create",
              .method = "POST",
              .path = "/api/v1/users",
              .body = {{"user", to_valid_utf8(name)}},
              .in_store = create_user_in_store,
              .done = escape_for_display(name) + " can sign in.\n"},
             arguments, shell);
}

ExitCode set_password(const Arguments& arguments, Shell& shell) {
  const std::string& name = arguments.positionals.front();
  return run({.command = "tocsin user password",
              .method = "PUT",
              .path = "/api/v1/users/" + query_escape(name) + "/password",
              .body = nlohmann::json::object(),
              .in_store = set_password_in_store,
              .done = "The password of " + escape_for_display(name) +
                      " is set; whoever was signed in by the old one no longer is.\n"},
             arguments, shell);
}

std::vector<FlagSpec> data_flag() {
  return {{.name = "data",
           .value = "DIR",
           .help = "The server's data folder; the server may be running or not",
           .required = true}};
}

CommandSpec create_command() {
  return {
      .name = "create",
      .summary = "Make somebody who can sign in.",
      .examples = {{"tocsin user create ann --data ./var", "asks for the password"},
                   {"tocsin user create ann --data /var/lib/tocsin < password.txt"}},
      .arguments = {{.name = "NAME", .help = "What they sign in with, like ann"}},
      .flags = data_flag(),
      .notes = new_password_notes(),
      .run = create,
  };
}

CommandSpec password_command() {
  return {
      .name = "password",
      .summary = "Set somebody's password, for who lost theirs.",
      .examples = {{"tocsin user password ann --data ./var", "asks for the new one"}},
      .arguments = {{.name = "NAME", .help = "Whose"}},
      .flags = data_flag(),
      .notes = new_password_notes() + "\nEnds all sessions of that user.",
      .run = set_password,
  };
}

}  // namespace

CommandSpec user_command() {
  return {
      .name = "user",
      .summary = "Manage who can sign in.",
      .examples = {{"tocsin user create ann --data ./var"},
                   {"tocsin user password ann --data ./var"}},
      .commands = {create_command(), password_command()},
  };
}

}  // namespace tocsin::cli
