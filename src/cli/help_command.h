// tocsin help [COMMAND...]: the same text as --help.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec help_command();

}  // namespace tocsin::cli
