// tocsin setup-link: the link at which the first user is made, from the running server's local
// socket. A server that was started as a service has nobody who reads its output.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec setup_link_command();

}  // namespace tocsin::cli
