#include "cli/run_cli.h"

#include <ostream>

#include "cli/commands.h"
#include "cli/help_text.h"
#include "cli/parse_command.h"

namespace tocsin::cli {
namespace {

ExitCode explain_usage(const Parsed& parsed, const Shell& shell) {
  if (parsed.message.empty()) {
    shell.error << help_text(parsed.path);
    return ExitCode::usage;
  }
  const std::string name = path_text(parsed.path);
  shell.say(name + ": " + parsed.message);
  if (parsed.path.back()->commands.empty()) {
    shell.say("usage: " + usage_line(parsed.path));
  }
  shell.say("help:  " + name + " --help");
  return ExitCode::usage;
}

ExitCode run(const CommandSpec& root, const Parsed& parsed, Shell& shell) {
  switch (parsed.kind) {
    case Parsed::Kind::help:
      shell.print(help_text(parsed.path));
      return ExitCode::ok;
    case Parsed::Kind::version:
      return root.find("version")->run({}, shell);
    case Parsed::Kind::usage_error:
      return explain_usage(parsed, shell);
    case Parsed::Kind::run:
      return parsed.path.back()->run(parsed.arguments, shell);
  }
  return ExitCode::usage;
}

}  // namespace

ExitCode run_cli(std::span<const std::string> words, Shell shell, bool out_is_terminal,
                 bool error_is_terminal) {
  const CommandSpec root = command_tree();
  const Parsed parsed = parse_command(root, words);
  const bool no_color = parsed.arguments.has("no-color");
  shell.out_style = decide_style(out_is_terminal, no_color, shell.environment);
  shell.error_style = decide_style(error_is_terminal, no_color, shell.environment);
  const ExitCode code = run(root, parsed, shell);
  // A token that did not reach its file, a schema cut short by a full disk: success would be a lie.
  if (!shell.out.flush()) {
    shell.say("tocsin: the output could not be written; is the disk full or the receiver gone?");
    return code == ExitCode::ok ? ExitCode::failed : code;
  }
  return code;
}

}  // namespace tocsin::cli
