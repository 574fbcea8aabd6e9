// An answer of the API that is not a success, as a person reads it and as an exit code. Pure.
#pragma once

#include <string>

#include "cli/api_client.h"
#include "cli/exit_code.h"

namespace tocsin::cli {

// "Unprocessable Content: 1 field is invalid.\n  /port: must be 1-65535, got 70000\n    hint: ...";
// for an answer that is no problem+json, its status alone.
std::string api_problem_text(const ApiReply& reply);
ExitCode exit_code_of(const ApiReply& reply);

}  // namespace tocsin::cli
