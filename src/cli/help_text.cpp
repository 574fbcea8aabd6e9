#include "cli/help_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tocsin::cli {
namespace {

constexpr size_t kColumnMax = 30;  // a longer left column pushes its text to the next line

constexpr size_t kLineMax = 80;

struct Row {
  std::string left, right;
};

// `text` broken between words, so that no line behind `indent` columns passes kLineMax.
std::string wrapped(std::string_view text, size_t indent) {
  std::string lines;
  size_t column = indent;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column > indent && column + 1 + word.size() > kLineMax) {
      lines += fmt::format("\n{:{}}", "", indent);
      column = indent;
    } else if (column > indent) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
  }
  return lines;
}

std::string paragraphs(std::string_view notes) {
  std::string text;
  while (!notes.empty()) {
    const std::string_view paragraph = notes.substr(0, notes.find('\n'));
    notes.remove_prefix(std::min(notes.size(), paragraph.size() + 1));
    text += wrapped(paragraph, 0) + "\n";
  }
  return text;
}

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
      text +=
          fmt::format("  {}\n  {:<{}}  {}\n", row.left, "", width, wrapped(row.right, width + 4));
    } else {
      text += fmt::format("  {:<{}}  {}\n", row.left, width, wrapped(row.right, width + 4));
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
  rows.reserve(command.examples.size());
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
  rows.reserve(command.commands.size());
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
  return command.notes.empty() ? text : text + "\n" + paragraphs(command.notes);
}

}  // namespace tocsin::cli
