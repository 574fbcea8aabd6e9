// tocsin sweep: which ports of one host are open; no server, no configuration.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec sweep_command();

}  // namespace tocsin::cli
