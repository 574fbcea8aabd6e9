// From the words of the command line to an exit code: finds the command, runs it, says what was
// wrong with the words.
#pragma once

#include <span>
#include <string>

#include "cli/command.h"

namespace tocsin::cli {

// The styles of `shell` are decided here, because a flag takes part; `out_is_terminal` and
// `error_is_terminal` say what they are for.
ExitCode run_cli(std::span<const std::string> words, Shell shell, bool out_is_terminal,
                 bool error_is_terminal);

}  // namespace tocsin::cli
