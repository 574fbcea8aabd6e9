// --help of a command, made from its description: what it is, examples, then the rest. Pure.
#pragma once

#include <span>
#include <string>

#include "cli/command.h"

namespace tocsin::cli {

// `path` from the root to the command.
std::string help_text(std::span<const CommandSpec* const> path);
// "tocsin probe [flags] HOST:PORT..."
std::string usage_line(std::span<const CommandSpec* const> path);
// "tocsin monitors list"
std::string path_text(std::span<const CommandSpec* const> path);

}  // namespace tocsin::cli
