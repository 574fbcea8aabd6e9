#include "cli/parse_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/bytes.h"
#include "cli/help_text.h"

namespace tocsin::cli {
namespace {

std::vector<FlagSpec> all_flags(const CommandSpec& command) {
  std::vector<FlagSpec> flags = command.flags;
  for (const FlagSpec& flag : common_flags()) {
    flags.push_back(flag);
  }
  return flags;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         std::string_view prefix) {
  const std::string near = nearest_word(word, candidates);
  return near.empty() ? "" : fmt::format("; did you mean {}{}?", prefix, near);
}

// True when `word` is a flag whose value is the next word.
bool takes_next_word(std::string_view word, std::span<const FlagSpec> flags) {
  return std::ranges::any_of(flags, [word](const FlagSpec& flag) {
    return flag.takes_value() && (word == "--" + flag.name ||
                                  (flag.letter != 0 && word == std::string("-") + flag.letter));
  });
}

// Finds the command: the words that name it, wherever flags stand between them, are taken out of
// `rest`.
struct Located {
  std::vector<const CommandSpec*> path;
  std::vector<std::string> rest;
  std::string message;
};
Located locate(const CommandSpec& root, std::span<const std::string> words) {
  Located located{.path = {&root}};
  size_t index = 0;
  for (; index < words.size() && !located.path.back()->commands.empty(); ++index) {
    const std::string& word = words[index];
    if (word.starts_with("-")) {
      located.rest.push_back(word);
      continue;
    }
    const CommandSpec* next = located.path.back()->find(word);
    if (next == nullptr) {
      std::vector<std::string> names;
      for (const CommandSpec& command : located.path.back()->commands) {
        names.push_back(command.name);
      }
      located.message = fmt::format("there is no command '{}' under '{}'{}",
                                    escape_for_display(word, 100), path_text(located.path),
                                    did_you_mean(word, names, path_text(located.path) + " "));
      return located;
    }
    located.path.push_back(next);
  }
  located.rest.insert(located.rest.end(), words.begin() + static_cast<std::ptrdiff_t>(index),
                      words.end());
  return located;
}

bool asks_for(const Located& located, std::string_view name, std::string_view short_name) {
  const std::vector<FlagSpec> flags = all_flags(*located.path.back());
  for (size_t index = 0; index < located.rest.size(); ++index) {
    const std::string& word = located.rest[index];
    if (word == "--") {
      return false;
    }
    if (word == name || word == short_name) {
      return true;
    }
    if (takes_next_word(word, flags)) {
      ++index;
    }
  }
  return false;
}

std::string unknown_flag(const std::string& word, std::span<const FlagSpec> flags) {
  std::vector<std::string> names;
  for (const FlagSpec& flag : flags) {
    names.push_back(flag.name);
  }
  const std::string name = word.substr(
      word.find_first_not_of('-') == std::string::npos ? word.size() : word.find_first_not_of('-'));
  const std::string bare = name.substr(0, name.find('='));
  return fmt::format("there is no flag {}{}",
                     escape_for_display(word.substr(0, word.find('=')), 100),
                     did_you_mean(bare, names, "--"));
}

std::string check_choice(std::string_view shown, const std::string& value,
                         const std::vector<std::string>& choices) {
  if (choices.empty() || std::ranges::find(choices, value) != choices.end()) {
    return "";
  }
  return fmt::format("{} must be one of {}, not '{}'{}", shown, fmt::join(choices, ", "),
                     escape_for_display(value, 100), did_you_mean(value, choices, ""));
}

std::string check_arguments(const CommandSpec& command, const Arguments& arguments) {
  for (const FlagSpec& flag : command.flags) {
    if (flag.required && !arguments.has(flag.name)) {
      return fmt::format("--{} {} is needed", flag.name, flag.value);
    }
    if (flag.takes_value() && !flag.repeatable && arguments.all(flag.name).size() > 1) {
      return fmt::format("--{} is given more than once", flag.name);
    }
    for (const std::string& value : arguments.all(flag.name)) {
      if (value.empty()) {
        return fmt::format("--{} {} is empty", flag.name, flag.value);
      }
      if (std::string wrong = check_choice("--" + flag.name, value, flag.choices); !wrong.empty()) {
        return wrong;
      }
    }
  }
  const size_t given = arguments.positionals.size();
  for (size_t index = 0; index < command.arguments.size(); ++index) {
    const ArgumentSpec& argument = command.arguments[index];
    if (index >= given && argument.required) {
      return fmt::format("{} is needed", argument.name);
    }
    if (index < given) {
      if (std::string wrong =
              check_choice(argument.name, arguments.positionals[index], argument.choices);
          !wrong.empty()) {
        return wrong;
      }
    }
  }
  const auto empty = std::ranges::find(arguments.positionals, "");
  if (empty != arguments.positionals.end() && !command.arguments.empty()) {
    return fmt::format("{} is empty", command.arguments.back().name);
  }
  const bool many = !command.arguments.empty() && command.arguments.back().many;
  if (!many && given > command.arguments.size()) {
    return fmt::format("'{}' is one argument too many",
                       escape_for_display(arguments.positionals[command.arguments.size()], 100));
  }
  return "";
}

std::string switch_with_value(std::span<const std::string> words, std::span<const FlagSpec> flags) {
  for (size_t index = 0; index < words.size() && words[index] != "--"; ++index) {
    const std::string name = words[index].substr(0, words[index].find('='));
    for (const FlagSpec& flag : flags) {
      if (!flag.takes_value() && name != words[index] && name == "--" + flag.name) {
        return name + " takes no value";
      }
    }
    index += takes_next_word(words[index], flags) ? 1 : 0;
  }
  return "";
}

// CLI11's own sentences are replaced by ours where we know better.
std::string read_flags(const CommandSpec& command, const std::vector<std::string>& words,
                       Arguments& arguments) {
  const std::vector<FlagSpec> flags = all_flags(command);
  if (std::string wrong = switch_with_value(words, flags); !wrong.empty()) {
    return wrong;
  }
  CLI::App app;
  app.set_help_flag();
  std::vector<std::pair<const FlagSpec*, CLI::Option*>> options;
  for (const FlagSpec& flag : flags) {
    const std::string names =
        (flag.letter != 0 ? fmt::format("-{},", flag.letter) : "") + "--" + flag.name;
    CLI::Option* option = flag.takes_value()
                              ? app.add_option(names)->expected(1)->allow_extra_args(false)
                              : app.add_flag(names);
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    options.emplace_back(&flag, option);
  }
  app.allow_extras(true);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    if (!words.empty() && takes_next_word(words.back(), flags)) {
      return fmt::format("{} needs a value", words.back());
    }
    return error.what();
  }
  for (const auto& [flag, option] : options) {
    if (option->count() == 0) {
      continue;
    }
    arguments.counts[flag->name] = option->count();
    if (flag->takes_value()) {
      arguments.values[flag->name] = option->results();
    }
  }
  bool literal = false;
  for (const std::string& word : app.remaining()) {
    if (!literal && word == "--") {
      literal = true;
    } else if (!literal && word.size() > 1 && word.front() == '-') {
      return unknown_flag(word, flags);
    } else {
      arguments.positionals.push_back(word);
    }
  }
  return check_arguments(command, arguments);
}

Parsed usage_error(Located located, std::string message) {
  return Parsed{.kind = Parsed::Kind::usage_error,
                .path = std::move(located.path),
                .message = std::move(message)};
}

}  // namespace

std::string nearest_word(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  size_t best_distance = SIZE_MAX;
  for (const std::string& candidate : candidates) {
    const size_t distance = edit_distance(word, candidate);
    // A third of the word wrong is a slip; more is another word.
    const size_t allowed = std::max<size_t>(1, std::min(word.size(), candidate.size()) / 3);
    if (distance <= allowed && distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

Parsed parse_command(const CommandSpec& root, std::span<const std::string> words) {
  Located located = locate(root, words);
  if (asks_for(located, "--help", "-h")) {
    return Parsed{.kind = Parsed::Kind::help, .path = std::move(located.path)};
  }
  if (located.path.size() == 1 && asks_for(located, "--version", "-V")) {
    return Parsed{.kind = Parsed::Kind::version, .path = std::move(located.path)};
  }
  if (!located.message.empty()) {
    std::string message = located.message;
    return usage_error(std::move(located), std::move(message));
  }
  Parsed parsed{.kind = Parsed::Kind::run};
  const CommandSpec& command = *located.path.back();
  if (std::string wrong = read_flags(command, located.rest, parsed.arguments); !wrong.empty()) {
    return usage_error(std::move(located), std::move(wrong));
  }
  if (!command.commands.empty()) {
    return usage_error(std::move(located), "");
  }
  parsed.path = std::move(located.path);
  return parsed;
}

}  // namespace tocsin::cli
