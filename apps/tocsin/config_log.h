// Problems of the configuration as lines of the log.
#pragma once

#include <string>
#include <vector>

#include "config/config_reader.h"
#include "log.h"

namespace tocsin {

// "monitors.yaml:3:5: port must be 1-65535, got 0; write ..."
std::string problem_line(const ConfigProblem& problem);
void log_problems(const Log& log, const std::vector<ConfigProblem>& problems);

}  // namespace tocsin
