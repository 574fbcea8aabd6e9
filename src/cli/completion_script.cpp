#include "cli/completion_script.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/help_text.h"

namespace tocsin::cli {
namespace {

using Path = std::vector<const CommandSpec*>;

// Calls `visit` for the command and all below it.
void walk(Path& path, const std::function<void(const Path&)>& visit) {
  visit(path);
  for (const CommandSpec& child : path.back()->commands) {
    path.push_back(&child);
    walk(path, visit);
    path.pop_back();
  }
}

std::vector<FlagSpec> all_flags(const CommandSpec& command) {
  std::vector<FlagSpec> flags = command.flags;
  for (FlagSpec& flag : common_flags()) {
    flags.push_back(std::move(flag));
  }
  return flags;
}

// Texts stand in single quotes of a shell.
std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char byte : text) {
    out += byte == '\'' ? std::string("'\\''") : std::string(1, byte);
  }
  return out + "'";
}

// What may stand behind a command: its own commands, or the choices of its argument.
std::vector<std::string> words_after(const CommandSpec& command) {
  std::vector<std::string> words;
  words.reserve(command.commands.size());
  for (const CommandSpec& child : command.commands) {
    words.push_back(child.name);
  }
  for (const ArgumentSpec& argument : command.arguments) {
    words.insert(words.end(), argument.choices.begin(), argument.choices.end());
  }
  return words;
}

std::string value_cases(const CommandSpec& command, std::string_view path) {
  std::string text;
  for (const FlagSpec& flag : command.flags) {
    if (!flag.choices.empty()) {
      text += fmt::format("    '{} --{}') COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n",
                          path, flag.name, fmt::join(flag.choices, " "));
    } else if (flag.takes_value()) {
      text += fmt::format("    '{} --{}') COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n",
                          path, flag.name);
    }
  }
  return text;
}

std::string fish_condition(const Path& path) {
  if (path.size() == 1) {
    return "'__fish_use_subcommand'";
  }
  std::vector<std::string> seen;
  for (size_t index = 1; index < path.size(); ++index) {
    seen.push_back("__fish_seen_subcommand_from " + path[index]->name);
  }
  return fmt::format("'{}'", fmt::join(seen, "; and "));
}

}  // namespace

std::string bash_completion(const CommandSpec& root) {
  std::string commands;
  std::string values;
  std::string words;
  Path path = {&root};
  walk(path, [&](const Path& at) {
    const std::string name = path_text(at);
    for (const CommandSpec& child : at.back()->commands) {
      commands += fmt::format("      '{0} {1}') at='{0} {1}' ;;\n", name, child.name);
    }
    values += value_cases(*at.back(), name);
    std::vector<std::string> flags;
    for (const FlagSpec& flag : all_flags(*at.back())) {
      flags.push_back("--" + flag.name);
    }
    words += fmt::format("    '{}') choices='{}'; flags='{}' ;;\n", name,
                         fmt::join(words_after(*at.back()), " "), fmt::join(flags, " "));
  });
  return fmt::format(
      "# bash completion of tocsin; load it with: source <(tocsin completion bash)\n"
      "_tocsin() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} at=tocsin choices flags index\n"
      "  for ((index = 1; index < COMP_CWORD; ++index)); do\n"
      "    case \"$at ${{COMP_WORDS[index]}}\" in\n{}"
      "    esac\n"
      "  done\n"
      "  case \"$at ${{COMP_WORDS[COMP_CWORD-1]}}\" in\n{}"
      "  esac\n"
      "  case \"$at\" in\n{}"
      "  esac\n"
      "  case \"$word\" in\n"
      "    -*) COMPREPLY=($(compgen -W \"$flags\" -- \"$word\")) ;;\n"
      "    *) COMPREPLY=($(compgen -W \"$choices\" -- \"$word\") $(compgen -f -- \"$word\")) ;;\n"
      "  esac\n"
      "}}\n"
      "complete -o filenames -F _tocsin tocsin\n",
      commands, values, words);
}

std::string zsh_completion(const CommandSpec& root) {
  // Either sourced, or a file _tocsin in $fpath: then zsh runs it at the first TAB as the function
  // _tocsin, and this TAB wants an answer too.
  return "#compdef tocsin\n"
         "# zsh completion of tocsin; load it with: source <(tocsin completion zsh)\n"
         "(( $+functions[compdef] )) || { autoload -U +X compinit && compinit }\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         bash_completion(root) +
         "[[ ${funcstack[1]} != _tocsin ]] || _bash_complete -o filenames -F _tocsin\n";
}

std::string fish_completion(const CommandSpec& root) {
  std::string text = "# fish completion of tocsin; load it with: tocsin completion fish | source\n";
  Path path = {&root};
  walk(path, [&text](const Path& at) {
    const std::string condition = fish_condition(at);
    for (const CommandSpec& child : at.back()->commands) {
      text += fmt::format("complete -c tocsin -f -n {} -a {} -d {}\n", condition, child.name,
                          shell_quoted(child.summary));
    }
    for (const ArgumentSpec& argument : at.back()->arguments) {
      for (const std::string& choice : argument.choices) {
        text += fmt::format("complete -c tocsin -f -n {} -a {}\n", condition, choice);
      }
    }
    for (const FlagSpec& flag : all_flags(*at.back())) {
      text += fmt::format("complete -c tocsin -n {} -l {}", condition, flag.name);
      text += flag.letter != 0 ? fmt::format(" -s {}", flag.letter) : "";
      if (!flag.choices.empty()) {
        text += fmt::format(" -x -a '{}'", fmt::join(flag.choices, " "));
      } else if (flag.takes_value()) {
        text += " -r";
      }
      text += fmt::format(" -d {}\n", shell_quoted(flag.help));
    }
  });
  return text;
}

}  // namespace tocsin::cli
