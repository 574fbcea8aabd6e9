#include "config_log.h"

#include <fmt/format.h>

namespace tocsin {

std::string problem_line(const ConfigProblem& problem) {
  // Line 0: the file as a whole, for example one that is not there.
  const std::string place =
      problem.line == 0 ? problem.file
                        : fmt::format("{}:{}:{}", problem.file, problem.line, problem.column);
  return fmt::format("{}: {}{}", place, problem.message,
                     problem.hint.empty() ? "" : "; " + problem.hint);
}

void log_problems(const Log& log, const std::vector<ConfigProblem>& problems) {
  for (const ConfigProblem& problem : problems) {
    if (problem.is_warning) {
      log.warning("configuration", {{"problem", problem_line(problem)}});
    } else {
      log.error("configuration", {{"problem", problem_line(problem)}});
    }
  }
}

}  // namespace tocsin
