// tocsin openapi: the description of the API, for programs that make clients.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec openapi_command();

}  // namespace tocsin::cli
