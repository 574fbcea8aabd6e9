// tocsin schema: the JSON Schema of configuration files, for editors.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec schema_command();

}  // namespace tocsin::cli
