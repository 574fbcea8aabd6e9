// Problem: every answer that is not a success, as RFC 9457 application/problem+json with a stable
// `code`, the request id and, for a request that was understood but wrong, one entry per mistake
// with a JSON pointer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/message.h"
#include "base/result.h"

namespace tocsin {

struct FieldProblem {
  std::string pointer;  // RFC 6901 into the body; "?limit" for a query parameter
  std::string code;     // "unknown_field", "out_of_range", ...
  std::string message;  // says what is wrong and what to write instead
  std::string hint;     // may be empty
  bool operator==(const FieldProblem&) const = default;
};

struct Problem {
  int status = 400;
  std::string code;    // stable: "validation_failed", "not_found", ...
  std::string detail;  // one or two plain sentences
  std::vector<FieldProblem> errors;
  std::vector<NamedValue> headers;  // Allow, Retry-After, WWW-Authenticate
};

ApiResponse problem_response(const Problem& problem, std::string_view request_id);

// The problem an Error of ours is: invalid_input is 422, not_found 404, and so on. What went wrong
// inside says no more than its message.
Problem problem_of(const Error& error);
Problem not_found(std::string_view what);  // "No monitor has this id."
Problem validation_failed(std::vector<FieldProblem> errors);
Problem unavailable(std::string_view detail);
// 503 too, but for the moment only: the same request may be answered soon.
Problem too_busy(std::string_view detail);

// The reason phrase, "Not Found".
std::string_view status_title(int status);

// The nearest of `known` to a mistyped `word`, empty when none is near.
std::string nearest_name(std::string_view word, const std::vector<std::string_view>& known);

// One step of a JSON pointer: '~' and '/' escaped.
std::string pointer_step(std::string_view name);

}  // namespace tocsin
