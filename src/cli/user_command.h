// tocsin user create, tocsin user password: accounts, through the running server's local socket or,
// when none runs, in the store itself. The way in for who lost the set-up link or the password.
#pragma once

#include "cli/command.h"

namespace tocsin::cli {

CommandSpec user_command();

}  // namespace tocsin::cli
