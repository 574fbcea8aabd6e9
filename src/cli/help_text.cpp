#include "cli/help_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tocsin::cli {
namespace {

constexpr size_t kColumnMax = 30;  // a longer left column pushes its text to the next line

struct Row {
  std::string left, right;
};

std::string table(std::string_view title, const std::vector<Row>& rows) {
  if (rows.empty()) {
    return "";
  }
  size_t width = 0;
  for (const Row& row : rows) {
    width = std::max(width, std::min(row.left.size(), kColumnMax));
  }
  std::string text = fmt::format("\n{}\n", title);
  for (const Row& row : rows) {
    if (row.right.empty()) {
      text += fmt::format("  {}\n", row.left);
    } else if (row.left.size() > width) {
      text += fmt::format("  {}\n  {:<{}}  {}\n", row.left, "", width, row.right);
    } else {
      text += fmt::format("  {:<{}}  {}\n", row.left, width, row.right);
    }
  }
  return text;
}

std::vector<Row> example_rows(const CommandSpec& command) {
  size_t width = 0;
  for (const Example& example : command.examples) {
    width = std::max(width, example.comment.empty() ? 0 : example.line.size());
  }
  std::vector<Row> rows;
  for (const Example& example : command.examples) {
    rows.push_back({example.comment.empty()
                        ? example.line
                        : fmt::format("{:<{}}  # {}", example.line, width, example.comment),
                    ""});
  }
  return rows;
}

Row flag_row(const FlagSpec& flag) {
  std::string left = flag.letter != 0 ? fmt::format("-{}, ", flag.letter) : "    ";
  left += "--" + flag.name + (flag.takes_value() ? " " + flag.value : "");
  std::string right = flag.help;
  if (!flag.choices.empty()) {
    right += fmt::format(": {}", fmt::join(flag.choices, ", "));
  }
  return {left, flag.required ? right + " (needed)" : right};
}

}  // namespace

std::string path_text(std::span<const CommandSpec* const> path) {
  std::string text;
  for (const CommandSpec* command : path) {
    text += (text.empty() ? "" : " ") + command->name;
  }
  return text;
}

std::string usage_line(std::span<const CommandSpec* const> path) {
  const CommandSpec& command = *path.back();
  std::string text = path_text(path);
  if (!command.commands.empty()) {
    return text + " COMMAND";
  }
  if (!command.flags.empty()) {
    text += " [flags]";
  }
  for (const ArgumentSpec& argument : command.arguments) {
    const std::string name = argument.name + (argument.many ? "..." : "");
    text += argument.required ? " " + name : " [" + name + "]";
  }
  return text;
}

std::string help_text(std::span<const CommandSpec* const> path) {
  const CommandSpec& command = *path.back();
  std::string text = command.summary + "\n";
  text += table("EXAMPLES", example_rows(command));
  text += fmt::format("\nUSAGE\n  {}\n", usage_line(path));
  std::vector<Row> rows;
  for (const CommandSpec& child : command.commands) {
    rows.push_back({child.name, child.summary});
  }
  text += table("COMMANDS", rows);
  rows.clear();
  for (const ArgumentSpec& argument : command.arguments) {
    rows.push_back({argument.name, argument.help});
  }
  text += table("ARGUMENTS", rows);
  rows.clear();
  for (const FlagSpec& flag : command.flags) {
    rows.push_back(flag_row(flag));
  }
  for (const FlagSpec& flag : common_flags()) {
    rows.push_back(flag_row(flag));
  }
  text += table("FLAGS", rows);
  return command.notes.empty() ? text : text + "\n" + command.notes + "\n";
}

}  // namespace tocsin::cli
