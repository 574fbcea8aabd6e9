// tocsin token create: makes an API token, through the running server or, when none runs, in the
// store itself.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec token_command();

}  // namespace tocsin::cli
