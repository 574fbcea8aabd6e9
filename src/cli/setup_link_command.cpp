#include "cli/setup_link_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/json.h"
#include "cli/api_client.h"
#include "cli/api_problem.h"
#include "cli/shown_text.h"

namespace tocsin::cli {
namespace {

constexpr const char* kServiceData = "/var/lib/tocsin";  // where the Debian package keeps its data
constexpr size_t kLinkBytesMax = 4096;

ExitCode complain(const Shell& shell, const std::string& text, ExitCode code) {
  shell.say("tocsin setup-link: " + text);
  return code;
}

ExitCode run(const Arguments& arguments, Shell& shell) {
  const std::filesystem::path data = arguments.value("data").value_or(kServiceData);
  const ServerAddress server{.url = "http://localhost", .socket = data / "tocsin.sock"};
  const auto reply = ApiClient(server).call("GET", "/api/v1/setup/link");
  if (!reply) {
    return complain(shell,
                    reply.error().message + "\n  a running server tells the link to its own user " +
                        "and to root: sudo tocsin setup-link --data " + data.string(),
                    ExitCode::unreachable);
  }
  if (const ExitCode code = exit_code_of(*reply); code != ExitCode::ok) {
    return complain(shell, api_problem_text(*reply), code);
  }
  const nlohmann::json json = parse_json(reply->body);
  if (!json.is_object() || !json.contains("link") || !json["link"].is_string()) {
    return complain(shell, "the server's answer holds no link", ExitCode::unreachable);
  }
  shell.out << shown_text(json["link"].get_ref<const std::string&>(), kLinkBytesMax) << "\n";
  return ExitCode::ok;
}

}  // namespace

CommandSpec setup_link_command() {
  return {
      .name = "setup-link",
      .summary = "Print the link at which the first user is made.",
      .examples = {{"tocsin setup-link", "of the service on this machine, as root"},
                   {"tocsin setup-link --data ./var"}},
      .flags = {{.name = "data",
                 .value = "DIR",
                 .help = fmt::format("The running server's data folder ({})", kServiceData)}},
      .notes =
          "Open it in a browser that reaches the server. It works once, and until the server "
          "starts again; then this command prints another one.",
      .run = run,
  };
}

}  // namespace tocsin::cli
