// tocsin monitors list: asks a running server.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec monitors_command();

}  // namespace tocsin::cli
