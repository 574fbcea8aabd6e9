// tocsin validate: checks configuration files without a server.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec validate_command();

}  // namespace tocsin::cli
