#include "cli/monitors_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>

#include "base/limits.h"
#include "cli/api_client.h"
#include "cli/api_problem.h"
#include "cli/monitor_rows.h"
#include "cli/probe_json.h"
#include "engine/system_ports.h"

namespace tocsin::cli {
namespace {

std::string list_path(const Arguments& arguments, const std::string& cursor) {
  std::string path = fmt::format("/api/v1/monitors?limit={}", kPageMax);
  for (const char* name : {"status", "tag"}) {
    if (const auto value = arguments.value(name)) {
      path += fmt::format("&{}={}", name, query_escape(*value));
    }
  }
  return cursor.empty() ? path : path + "&cursor=" + query_escape(cursor);
}

ExitCode complain(const Shell& shell, const std::string& text, ExitCode code) {
  shell.say("tocsin monitors list: " + text);
  return code;
}

ExitCode list(const Arguments& arguments, Shell& shell) {
  const auto server = read_server_address(arguments, shell.environment);
  if (!server) {
    return complain(shell, server.error().message, ExitCode::usage);
  }
  const ApiClient client(*server);
  MonitorPage all;
  do {
    const auto reply = client.call("GET", list_path(arguments, all.next_cursor));
    if (!reply) {
      return complain(shell, reply.error().message + "\n  " + server->hint(),
                      ExitCode::unreachable);
    }
    if (const ExitCode code = exit_code_of(*reply); code != ExitCode::ok) {
      return complain(shell, api_problem_text(*reply), code);
    }
    auto page = read_monitor_page(reply->body);
    if (!page) {
      return complain(shell, page.error().message, ExitCode::unreachable);
    }
    all.next_cursor = page->rows.empty() ? "" : page->next_cursor;
    std::ranges::move(page->rows, std::back_inserter(all.rows));
    std::ranges::move(page->json, std::back_inserter(all.json));
  } while (!all.next_cursor.empty() && all.rows.size() < kMonitorsMax);
  if (arguments.has("json")) {
    shell.out << fmt::format("{{\"schema_version\":{},\"monitors\":[{}]}}\n", kJsonSchemaVersion,
                             fmt::join(all.json, ","));
    return ExitCode::ok;
  }
  const bool filtered = arguments.has("status") || arguments.has("tag");
  shell.print(monitor_table(all.rows, filtered, SystemClock().system_now(), shell.out_style));
  return ExitCode::ok;
}

CommandSpec list_command() {
  std::vector<FlagSpec> flags = {
      {.name = "status",
       .value = "STATUS",
       .help = "Only monitors in this status",
       .choices = {"pending", "up", "degraded", "down", "unknown", "paused"}},
      {.name = "tag", .value = "TAG", .help = "Only monitors with this tag"},
      {.name = "json", .help = "The API's JSON instead of a table"},
  };
  for (FlagSpec& flag : server_flags()) {
    flags.push_back(std::move(flag));
  }
  return {
      .name = "list",
      .summary = "List the monitors of a server with their status.",
      .examples = {{"tocsin monitors list --data ./var"},
                   {"tocsin monitors list --status down --json"},
                   {"TOCSIN_SERVER=http://tocsin:8400 tocsin monitors list --token-file token"}},
      .flags = std::move(flags),
      .notes = "Exit status: 0 success, 4 not logged in, 7 server unreachable, 2 usage.",
      .run = list,
  };
}

}  // namespace

CommandSpec monitors_command() {
  return {
      .name = "monitors",
      .summary = "Look at the monitors of a running server.",
      .examples = {{"tocsin monitors list --data ./var"}},
      .commands = {list_command()},
  };
}

}  // namespace tocsin::cli
