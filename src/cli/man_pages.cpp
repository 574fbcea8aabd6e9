#include "cli/man_pages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>

#include "cli/help_text.h"
#include "cli/roff.h"
#include "config/reference_page.h"

namespace tocsin::cli {
namespace {

using Path = std::vector<const CommandSpec*>;

std::string page_name(std::span<const CommandSpec* const> path) {
  std::string name;
  for (const CommandSpec* command : path) {
    name += (name.empty() ? "" : "-") + command->name;
  }
  return name;
}

// Without the dot and with a small first letter, as NAME lines are written; "JSON ..." stays.
std::string as_name_line(std::string_view summary) {
  std::string text(summary.substr(0, summary.find_last_not_of('.') + 1));
  if (text.size() > 1 && text[1] >= 'a' && text[1] <= 'z' && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    out += ".PP\n" + roff_text(line) + "\n";
  }
  return out;
}

std::string flag_entry(const FlagSpec& flag) {
  std::string head = flag.letter != 0 ? roff_bold(fmt::format("-{}", flag.letter)) + ", " : "";
  head += roff_bold("--" + flag.name);
  head += flag.takes_value() ? " \\fI" + roff_text(flag.value) + "\\fR" : "";
  std::string help = flag.help;
  if (!flag.choices.empty()) {
    help += fmt::format(": {}", fmt::join(flag.choices, ", "));
  }
  help += flag.required ? " (needed)." : ".";
  return fmt::format(".TP\n{}\n{}\n", head, roff_text(help));
}

std::string arguments_part(const CommandSpec& command) {
  std::string text;
  for (const ArgumentSpec& argument : command.arguments) {
    text +=
        fmt::format(".TP\n\\fI{}\\fR\n{}.\n", roff_text(argument.name), roff_text(argument.help));
  }
  return text;
}

std::string flags_part(const CommandSpec& command) {
  std::string text;
  for (const FlagSpec& flag : command.flags) {
    text += flag_entry(flag);
  }
  return text;
}

std::string examples_part(const CommandSpec& command) {
  std::string lines;
  for (const Example& example : command.examples) {
    lines += example.line + (example.comment.empty() ? "" : "    # " + example.comment) + "\n";
  }
  return roff_block(lines);
}

// The commands below a command, each with all that it takes.
std::string children_part(Path& path) {
  std::string text;
  for (const CommandSpec& child : path.back()->commands) {
    path.push_back(&child);
    text += fmt::format(".SS {}\n{}\n", roff_text(usage_line(path)), roff_text(child.summary));
    text += arguments_part(child) + flags_part(child) + paragraphs(child.notes);
    text += child.examples.empty() ? "" : examples_part(child);
    path.pop_back();
  }
  return text;
}

std::string section(std::string_view heading, const std::string& text) {
  return text.empty() ? "" : fmt::format(".SH {}\n{}", heading, text);
}

std::string page_text(Path& path, const std::string& commands, const std::string& see_also) {
  const CommandSpec& command = *path.back();
  std::string common;
  for (const FlagSpec& flag : common_flags()) {
    common += flag_entry(flag);
  }
  return roff_title(page_name(path), 1, TOCSIN_VERSION) +
         section("NAME", fmt::format("{} \\- {}\n", roff_text(page_name(path)),
                                     roff_text(as_name_line(command.summary)))) +
         section("SYNOPSIS", roff_bold(usage_line(path)) + "\n") +
         section("DESCRIPTION", roff_text(command.summary) + "\n" + paragraphs(command.notes)) +
         section("COMMANDS", commands) + section("ARGUMENTS", arguments_part(command)) +
         section("OPTIONS", flags_part(command) + common) +
         section("EXAMPLES", examples_part(command)) + section("\"SEE ALSO\"", see_also);
}

std::string program_page(const CommandSpec& root) {
  std::string commands;
  std::string see_also;
  for (const CommandSpec& child : root.commands) {
    commands += fmt::format(".TP\n{}(1)\n{}\n", roff_bold("tocsin-" + child.name),
                            roff_text(child.summary));
    see_also += fmt::format("{}(1),\n", roff_bold("tocsin-" + child.name));
  }
  Path path = {&root};
  return page_text(path, commands, see_also + roff_bold("tocsin.yaml") + "(5)\n");
}

}  // namespace

std::vector<ManPage> man_pages(const CommandSpec& root) {
  std::vector<ManPage> pages = {{.name = root.name, .section = 1, .text = program_page(root)}};
  const std::string see_also =
      fmt::format("{}(1),\n{}(5)\n", roff_bold(root.name), roff_bold("tocsin.yaml"));
  for (const CommandSpec& child : root.commands) {
    Path path = {&root, &child};
    pages.push_back({.name = page_name(path),
                     .section = 1,
                     .text = page_text(path, children_part(path), see_also)});
  }
  pages.push_back(
      {.name = "tocsin.yaml",
       .section = 5,
       .text = roff_title("tocsin.yaml", 5, TOCSIN_VERSION) +
               ".SH NAME\ntocsin.yaml \\- configuration of tocsin\n" +
               man_from_markdown(reference_page()) +
               fmt::format(".SH \"SEE ALSO\"\n{}(1),\n{}(1),\n{}(1)\n", roff_bold("tocsin"),
                           roff_bold("tocsin-serve"), roff_bold("tocsin-validate"))});
  return pages;
}

}  // namespace tocsin::cli
