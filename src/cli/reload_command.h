// tocsin reload: has a running server read its configuration again, and says what came of it; what
// `systemctl reload` runs.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec reload_command();

}  // namespace tocsin::cli
