// The ONE tree of commands. A new command is one file and one line here.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec command_tree();

}  // namespace tocsin::cli
