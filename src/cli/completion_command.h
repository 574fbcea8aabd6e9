// tocsin completion: prints the script that teaches a shell our commands (completion_script.h).
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec completion_command();

}  // namespace tocsin::cli
