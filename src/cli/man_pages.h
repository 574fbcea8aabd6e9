// The manual pages: one for the program, one for each of its commands, one for its configuration.
// Made from the tree of commands and from the reference page, so that they cannot disagree with
// what the program takes. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace tocsin::cli {

struct ManPage {
  std::string name;  // "tocsin-probe"
  int section = 1;
  std::string text;  // roff

  [[nodiscard]] std::string file() const { return name + "." + std::to_string(section); }
};

std::vector<ManPage> man_pages(const CommandSpec& root);

// tocsin.yaml(5) out of Markdown such as docs/config.md; a row of a table becomes a paragraph of
// its own, as eighty columns are too few for six of them.
std::string man_from_markdown(std::string_view markdown);

}  // namespace tocsin::cli
