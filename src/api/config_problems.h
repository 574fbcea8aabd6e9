// Configuration problems as the API tells them. Pure.
#pragma once

#include <span>

#include "api/json_writer.h"
#include "api/problem.h"
#include "config/config_reader.h"

namespace tocsin {

// 422 config_invalid: one entry per mistake (warnings left out), its pointer "file:line:column".
Problem config_invalid(std::span<const ConfigProblem> problems);

}  // namespace tocsin
