// From the words typed to a command and its arguments, or to a message that says which word is
// wrong and which one was probably meant. The tokens of flags are read by CLI11; that library is
// known to this file's source only.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace tocsin::cli {

struct Parsed {
  enum class Kind { run, help, version, usage_error };
  Kind kind = Kind::usage_error;
  std::vector<const CommandSpec*> path;  // from the root to the command; points into the tree given
  Arguments arguments;
  std::string message;  // of a usage error; empty: a command is missing, show the help
};

// `words` without the program's name. The tree must outlive the answer.
Parsed parse_command(const CommandSpec& root, std::span<const std::string> words);

// The candidate nearest to `word` when it is near enough to be a slip of the finger; else empty.
std::string nearest_word(std::string_view word, std::span<const std::string> candidates);

}  // namespace tocsin::cli
