#include "cli/validate_command.h"

#include <filesystem>
#include <ostream>

#include "cli/validate_text.h"
#include "config/config_reader.h"
#include "store/sqlite_store.h"

namespace tocsin::cli {
namespace {

ExitCode complain(const Shell& shell, const std::string& text) {
  shell.say("tocsin validate: " + text);
  return ExitCode::failed;
}

ExitCode run(const Arguments& arguments, Shell& shell) {
  const std::vector<std::filesystem::path> paths(arguments.positionals.begin(),
                                                 arguments.positionals.end());
  std::set<std::string> outside;
  if (const auto data = arguments.value("data")) {
    if (!std::filesystem::exists(std::filesystem::path(*data) / "tocsin.db")) {
      return complain(shell, "there is no store in " + *data);
    }
    Result<std::set<std::string>> ids = stored_channel_ids(*data);
    if (!ids) {
      return complain(shell, ids.error().message);
    }
    outside = std::move(*ids);
  }
  const ConfigReading reading = read_config_paths(paths, process_references(), outside);
  const std::string format =
      arguments.has("json") ? "json" : arguments.value("format").value_or("text");
  if (format == "json") {
    shell.out << validate_json(reading);
  } else if (format == "github") {
    shell.out << validate_github(reading);
  } else {
    shell.out << validate_text(reading);
  }
  return reading.config ? ExitCode::ok : ExitCode::config_invalid;
}

}  // namespace

CommandSpec validate_command() {
  return {
      .name = "validate",
      .summary = "Check configuration files and show every mistake with its place.",
      .examples = {{"tocsin validate monitors.yaml"},
                   {"tocsin validate conf.d/", "every *.yaml and *.yml below"},
                   {"tocsin validate --format github monitors.yaml", "annotations in CI"}},
      .arguments = {{.name = "PATH", .help = "A file or a folder", .many = true}},
      .flags = {{.name = "format",
                 .value = "FORMAT",
                 .help = "How to say it",
                 .choices = {"text", "json", "github"}},
                {.name = "data",
                 .value = "DIR",
                 .help = "Data folder of a server whose channels the files name"},
                {.name = "json", .help = "The same as --format json"}},
      .notes =
          "Exit status: 0 valid, 3 invalid, 2 usage. References such as ${env:NAME} are resolved "
          "in the environment of this command.",
      .run = run,
  };
}

}  // namespace tocsin::cli
