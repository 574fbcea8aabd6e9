// --source, --resolver and --proxy: the way of a probe on the command line.
#pragma once

#include "base/result.h"
#include "cli/parse_command.h"
#include "model/monitor.h"

namespace tocsin::cli {

// Errors: not an address, not a proxy. A proxy's text is never repeated, as it may hold a password.
Result<void> read_way(const Arguments& arguments, Monitor& monitor);
// What of it does not go together with the monitor's target.
Result<void> check_way(const Monitor& monitor);

}  // namespace tocsin::cli
