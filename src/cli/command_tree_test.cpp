// Lint of the whole tree of commands: what one of them lacks, users would find first.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "cli/commands.h"
#include "cli/completion_script.h"
#include "cli/help_text.h"
#include "cli/parse_command.h"
#include "cli/test_support.h"

namespace tocsin::cli {
namespace {

using Path = std::vector<const CommandSpec*>;

void walk(Path& path, const std::function<void(const Path&)>& visit) {
  visit(path);
  for (const CommandSpec& child : path.back()->commands) {
    path.push_back(&child);
    walk(path, visit);
    path.pop_back();
  }
}

void for_each_command(const std::function<void(const Path&)>& visit) {
  const CommandSpec root = command_tree();
  Path path = {&root};
  walk(path, visit);
}

TEST(CommandTree, EveryCommandHasASummaryAndAnExampleOfItself) {
  for_each_command([](const Path& path) {
    const CommandSpec& command = *path.back();
    EXPECT_TRUE(command.summary.ends_with('.')) << path_text(path);
    ASSERT_FALSE(command.examples.empty()) << path_text(path);
    for (const Example& example : command.examples) {
      EXPECT_NE(example.line.find(path_text(path)), std::string::npos)
          << example.line << " does not show " << path_text(path);
    }
    EXPECT_NE(command.commands.empty(), static_cast<bool>(!command.run)) << path_text(path);
  });
}

TEST(CommandTree, EveryFlagAndArgumentHasHelpAndANameOfItsOwn) {
  for_each_command([](const Path& path) {
    std::set<std::string> names = {"help", "no-color"};
    std::set<char> letters = {'h'};
    for (const FlagSpec& flag : path.back()->flags) {
      EXPECT_FALSE(flag.help.empty()) << path_text(path) << " --" << flag.name;
      EXPECT_FALSE(flag.help.ends_with('.')) << path_text(path) << " --" << flag.name;
      EXPECT_TRUE(names.insert(flag.name).second) << path_text(path) << " --" << flag.name;
      EXPECT_TRUE(flag.letter == 0 || letters.insert(flag.letter).second) << flag.letter;
      EXPECT_EQ(flag.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
                std::string::npos);
    }
    for (const ArgumentSpec& argument : path.back()->arguments) {
      EXPECT_FALSE(argument.help.empty()) << path_text(path) << " " << argument.name;
    }
  });
}

// Examples are copied by people: each must be a command line that this program takes.
TEST(CommandTree, ExamplesAreCommandLines) {
  const CommandSpec root = command_tree();
  for_each_command([&root](const Path& path) {
    for (const Example& example : path.back()->examples) {
      if (example.line.find_first_of("'<|(=") != std::string::npos ||
          path.back()->name == "tocsin") {
        continue;  // needs a shell
      }
      std::istringstream text(example.line.substr(0, example.line.find(" > ")));
      std::vector<std::string> words;
      for (std::string word; text >> word;) {
        words.push_back(word);
      }
      words.erase(words.begin());
      const Parsed parsed = parse_command(root, words);
      EXPECT_TRUE(parsed.kind == Parsed::Kind::run) << example.line << ": " << parsed.message;
    }
  });
}

TEST(CommandTree, HelpTextsAreGolden) {
  for_each_command([](const Path& path) {
    std::string name = "help_" + path_text(path);
    std::ranges::replace(name, ' ', '_');
    expect_golden(name, help_text(path));
  });
}

// Lines fit a usual terminal.
TEST(CommandTree, HelpLinesAreAtMost80Columns) {
  for_each_command([](const Path& path) {
    std::istringstream text(help_text(path));
    for (std::string line; std::getline(text, line);) {
      EXPECT_LE(display_width(line), 80U) << line;
    }
  });
}

TEST(CommandTree, CompletionScriptsAreGolden) {
  const CommandSpec root = command_tree();
  expect_golden("completion_bash", bash_completion(root));
  expect_golden("completion_zsh", zsh_completion(root));
  expect_golden("completion_fish", fish_completion(root));
}

// `help x y` and `x y --help` say the same.
TEST(CommandTree, HelpCommandIsTheHelpFlag) {
  CliRun by_command, by_flag;
  by_command.run({"help", "monitors", "list"});
  by_flag.run({"monitors", "list", "--help"});
  EXPECT_EQ(by_command.code, ExitCode::ok);
  EXPECT_EQ(by_command.out, by_flag.out);
  EXPECT_FALSE(by_flag.out.empty());
}

}  // namespace
}  // namespace tocsin::cli
