// Completion scripts for shells, made from the tree of commands. Pure.
#pragma once

#include <string>

#include "cli/command.h"

namespace tocsin::cli {

std::string bash_completion(const CommandSpec& root);
std::string zsh_completion(const CommandSpec& root);
std::string fish_completion(const CommandSpec& root);

}  // namespace tocsin::cli
