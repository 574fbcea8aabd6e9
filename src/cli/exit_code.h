// Exit codes of the program. They are API: scripts and CI jobs branch on them. `tocsin --help`
// shows them.
#pragma once

namespace tocsin::cli {

enum class ExitCode : int {
  ok = 0,
  failed = 1,          // a monitor or probe failed, or a general error
  usage = 2,           // the command line is wrong
  config_invalid = 3,  // validate, serve
  not_logged_in = 4,   // no token, a wrong one, or one of too small a scope
  not_found = 5,
  unreachable = 7,  // the server does not answer, or answers 5xx
  interrupted = 130,
};

}  // namespace tocsin::cli
