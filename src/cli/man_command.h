// tocsin man: prints a manual page, or writes them all for a package (man_pages.h).
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec man_command();

}  // namespace tocsin::cli
