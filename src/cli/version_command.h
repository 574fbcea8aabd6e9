// tocsin version.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec version_command();

}  // namespace tocsin::cli
