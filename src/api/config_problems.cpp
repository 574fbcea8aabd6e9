#include "api/config_problems.h"

#include <fmt/format.h>

namespace tocsin {

Problem config_invalid(std::span<const ConfigProblem> problems) {
  std::vector<FieldProblem> errors;
  for (const ConfigProblem& one : problems) {
    if (!one.is_warning) {
      // Line 0: the file as a whole, for example one that is not there.
      errors.push_back({.pointer = one.line == 0
                                       ? one.file
                                       : fmt::format("{}:{}:{}", one.file, one.line, one.column),
                        .code = "config_invalid",
                        .message = one.message,
                        .hint = one.hint});
    }
  }
  const size_t count = errors.size();
  return {.status = 422,
          .code = "config_invalid",
          .detail = fmt::format("The configuration has {} {}; the running one was kept.", count,
                                count == 1 ? "mistake" : "mistakes"),
          .errors = std::move(errors)};
}

}  // namespace tocsin
