// The server: wires every part together, runs the loop, and takes it down in order.
#pragma once

#include "cli/exit_code.h"
#include "cli/serve_command.h"
#include "cli/style.h"

namespace tocsin {

cli::ExitCode run_serve(const cli::ServeOptions& options, const cli::Environment& environment);

}  // namespace tocsin
