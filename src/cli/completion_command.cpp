#include "cli/completion_command.h"

#include <ostream>

#include "cli/commands.h"
#include "cli/completion_script.h"

namespace tocsin::cli {
namespace {

ExitCode run(const Arguments& arguments, Shell& shell) {
  const CommandSpec root = command_tree();
  const std::string& name = arguments.positionals.front();
  shell.out << (name == "bash"  ? bash_completion(root)
                : name == "zsh" ? zsh_completion(root)
                                : fish_completion(root));
  return ExitCode::ok;
}

}  // namespace

CommandSpec completion_command() {
  return {
      .name = "completion",
      .summary = "Print the script that completes commands in a shell.",
      .examples = {{"source <(tocsin completion bash)"}, {"tocsin completion fish | source"}},
      .arguments = {{.name = "SHELL",
                     .help = "bash, zsh or fish",
                     .choices = {"bash", "zsh", "fish"}}},
      .run = run,
  };
}

}  // namespace tocsin::cli
