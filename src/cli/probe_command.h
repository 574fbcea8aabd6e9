// tocsin probe: probe targets now, from here; no server, no configuration.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec probe_command();

}  // namespace tocsin::cli
