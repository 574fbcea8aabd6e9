#include "cli/man_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "base/bytes.h"
#include "cli/commands.h"
#include "cli/man_pages.h"

namespace tocsin::cli {
namespace {

ExitCode complain(const Shell& shell, const std::string& text, ExitCode code) {
  shell.say("tocsin man: " + text);
  return code;
}

ExitCode write_all(const std::vector<ManPage>& pages, const std::filesystem::path& folder,
                   const Shell& shell) {
  std::error_code trouble;
  std::filesystem::create_directories(folder, trouble);
  for (const ManPage& page : pages) {
    std::ofstream file(folder / page.file(), std::ios::binary);
    file << page.text;
    file.close();
    if (!file) {
      return complain(shell, fmt::format("{} cannot be written", (folder / page.file()).string()),
                      ExitCode::failed);
    }
  }
  return ExitCode::ok;
}

ExitCode run(const Arguments& arguments, Shell& shell) {
  const std::vector<ManPage> pages = man_pages(command_tree());
  if (const auto folder = arguments.value("write")) {
    return write_all(pages, *folder, shell);
  }
  const std::string name = arguments.positionals.empty() ? "tocsin" : arguments.positionals.front();
  const auto page = std::ranges::find_if(pages, [&name](const ManPage& candidate) {
    return candidate.name == name || candidate.name == "tocsin-" + name;
  });
  if (page == pages.end()) {
    return complain(shell,
                    fmt::format("there is no page '{}'\n  write a command, like probe, or "
                                "tocsin.yaml",
                                escape_for_display(name, 100)),
                    ExitCode::not_found);
  }
  shell.out << page->text;
  return ExitCode::ok;
}

}  // namespace

CommandSpec man_command() {
  return {
      .name = "man",
      .summary = "Print a manual page.",
      .examples = {{"tocsin man probe | man -l -", "read it"},
                   {"tocsin man --write man/", "all of them, for a package"}},
      .arguments = {{.name = "PAGE",
                     .help = "A command, like probe; tocsin.yaml: the configuration (tocsin)",
                     .required = false}},
      .flags = {{.name = "write",
                 .value = "DIR",
                 .help = "Write every page into this folder instead, as NAME.SECTION"}},
      .run = run,
  };
}

}  // namespace tocsin::cli
