// A password for a command: asked twice on a terminal, without an echo; else the first line of
// standard input. Never from an argument, where every user of the machine could read it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/command.h"

namespace tocsin::cli {

// invalid_input: none came, the two differ, or it breaks a rule (api/password_rules.h).
Result<std::string> read_new_password(Shell& shell);
// The same for --help.
std::string new_password_notes();

// One line from the terminal behind standard input, which does not show it; nothing at its end. For
// Shell::ask_secret.
std::optional<std::string> ask_on_terminal(std::string_view prompt);

}  // namespace tocsin::cli
