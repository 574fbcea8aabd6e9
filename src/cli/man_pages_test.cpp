// Manual pages are golden where a person should read them over, and checked in general where a new
// command could break them.
#include "cli/man_pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "base/scratch_folder.h"
#include "cli/commands.h"
#include "cli/roff.h"
#include "cli/test_support.h"

namespace tocsin::cli {
namespace {

std::string page(const std::string& name) {
  const auto pages = man_pages(command_tree());
  const auto found = std::ranges::find(pages, name, &ManPage::name);
  return found == pages.end() ? "" : found->text;
}

// Text of ours must not become an instruction of roff, and must be copied as it is typed.
TEST(Roff, TextStandsForItself) {
  EXPECT_EQ(roff_text(".a\n'b"), "\\&.a\n\\&\\(aqb");
  EXPECT_EQ(roff_text(R"(PING\r\n)"), R"(PING\er\en)");
  EXPECT_EQ(roff_text("--data `x` ^~"), R"(\-\-data \(gax\(ga \(ha\(ti)");
  EXPECT_EQ(roff_text("a.b"), "a.b");
}

TEST(Roff, BlockIsNotFilled) {
  EXPECT_EQ(roff_block("a\n.b"), ".PP\n.RS 4\n.nf\na\n\\&.b\n.fi\n.RE\n");
}

TEST(ManPages, OfTheProgramAndOfACommandAreGolden) {
  expect_golden("man_tocsin", page("tocsin"));
  expect_golden("man_tocsin_token", page("tocsin-token"));
}

// A command without a page, or a flag that its page does not name, is found by users first.
TEST(ManPages, NameEveryCommandAndEveryFlag) {
  const CommandSpec root = command_tree();
  for (const CommandSpec& command : root.commands) {
    const std::string text = page("tocsin-" + command.name);
    EXPECT_FALSE(text.empty()) << command.name;
    EXPECT_NE(page("tocsin").find("\\fBtocsin\\-" + std::string(roff_text(command.name))),
              std::string::npos)
        << command.name;
    std::vector<FlagSpec> flags = command.flags;
    for (const CommandSpec& child : command.commands) {
      flags.insert(flags.end(), child.flags.begin(), child.flags.end());
    }
    for (const FlagSpec& flag : flags) {
      EXPECT_NE(text.find(roff_bold("--" + flag.name)), std::string::npos) << flag.name;
    }
  }
}

// Only requests that we write stand at the start of a line; whatever else begins with a dot or a
// quote would silently vanish from the page.
TEST(ManPages, HaveNoInstructionButOurs) {
  const std::set<std::string> ours = {".TH", ".SH", ".SS", ".PP", ".TP", ".IP",
                                      ".RS", ".RE", ".nf", ".fi", ".br"};
  for (const ManPage& page : man_pages(command_tree())) {
    std::istringstream text(page.text);
    for (std::string line; std::getline(text, line);) {
      if (line.starts_with('.') || line.starts_with('\'')) {
        EXPECT_TRUE(ours.contains(line.substr(0, line.find(' ')))) << page.file() << ": " << line;
      }
    }
  }
}

TEST(ManFromMarkdown, UnderstandsWhatOurPagesUse) {
  EXPECT_EQ(man_from_markdown("# Configuration\n"
                              "\n"
                              "<!-- not for readers -->\n"
                              "\n"
                              "First line with `tocsin --x`,\n"
                              "second.\n"
                              "\n"
                              "- one [list](#list)\n"
                              "  goes on\n"
                              "\n"
                              "## Files\n"
                              "\n"
                              "```yaml\n"
                              "a: '`b`'\n"
                              "```\n"
                              "### tls\n"
                              "\n"
                              "| field | meaning | default | example |\n"
                              "|---|---|---|---|\n"
                              "| `mode` | How [it](#tls) is. | - | `a \\| b` |\n"
                              "| `free` | Whatever. | - | - |\n"
                              "After.\n"),
            ".SH DESCRIPTION\n"
            ".PP\n"
            "First line with \\fBtocsin \\-\\-x\\fR,\n"
            "second.\n"
            ".IP \\(bu 2\n"
            "one list\n"
            "goes on\n"
            ".SH Files\n"
            ".PP\n.RS 4\n.nf\na: \\(aq\\(gab\\(ga\\(aq\n.fi\n.RE\n"
            ".SS tls\n"
            ".TP\n\\fBmode\\fR\nHow it is.\n.br\nexample: \\fBa | b\\fR\n"
            ".TP\n\\fBfree\\fR\nWhatever.\n"
            ".PP\nAfter.\n");
}

// A mark that nothing closes is text.
TEST(ManFromMarkdown, KeepsOpenMarks) {
  EXPECT_EQ(man_from_markdown("a ` b [1] ${"), ".SH DESCRIPTION\n.PP\na \\(ga b [1] ${\n");
}

TEST(ManCommand, PrintsAPageByTheNameOfACommand) {
  CliRun whole, probe, config, unknown;
  EXPECT_EQ(whole.run({"man"}).out, page("tocsin"));
  EXPECT_EQ(probe.run({"man", "probe"}).out, page("tocsin-probe"));
  EXPECT_EQ(config.run({"man", "tocsin.yaml"}).out, page("tocsin.yaml"));
  EXPECT_EQ(unknown.run({"man", "prob"}).code, ExitCode::not_found);
  EXPECT_EQ(unknown.out, "");
}

TEST(ManCommand, WritesAllPages) {
  const ScratchFolder folder;
  CliRun cli;
  EXPECT_EQ(cli.run({"man", "--write", folder.path() / "man"}).code, ExitCode::ok) << cli.error;
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "man")) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, man_pages(command_tree()).size());
  std::ofstream(folder.path() / "file") << "in the way";
  EXPECT_EQ(cli.run({"man", "--write", folder.path() / "file"}).code, ExitCode::failed);
}

}  // namespace
}  // namespace tocsin::cli
