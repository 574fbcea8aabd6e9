// Every code of a problem with its status: what programs may decide by. docs/api.md tells them; the
// contract test demands that no answer has another.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "api/openapi/operations.h"
#include "api/router.h"

namespace tocsin {

struct ProblemCode {
  int status = 400;
  std::string_view code;
  std::string_view help;  // when it is sent, in a sentence
};

std::span<const ProblemCode> problem_codes();

// Codes that a request to this route can be answered with: its own and those of all of its kind.
std::vector<ProblemCode> problems_of(const Route& route, const Operation& operation);
// What is said before it is known which route is meant, or instead of it.
std::vector<ProblemCode> problems_of_any_path();

}  // namespace tocsin
