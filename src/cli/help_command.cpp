#include "cli/help_command.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "cli/commands.h"
#include "cli/help_text.h"

namespace tocsin::cli {
namespace {

ExitCode run(const Arguments& arguments, Shell& shell) {
  const CommandSpec root = command_tree();
  std::vector<const CommandSpec*> path = {&root};
  for (const std::string& word : arguments.positionals) {
    const CommandSpec* next = path.back()->find(word);
    if (next == nullptr) {
      shell.say(fmt::format("tocsin help: there is no command '{}' under '{}'\nhelp:  {} --help",
                            escape_for_display(word, 100), path_text(path), path_text(path)));
      return ExitCode::usage;
    }
    path.push_back(next);
  }
  shell.print(help_text(path));
  return ExitCode::ok;
}

}  // namespace

CommandSpec help_command() {
  return {
      .name = "help",
      .summary = "Show the help of a command.",
      .examples = {{"tocsin help probe"}, {"tocsin help monitors list"}},
      .arguments =
          {{.name = "COMMAND", .help = "A command, word by word", .many = true, .required = false}},
      .run = run,
  };
}

}  // namespace tocsin::cli
