// The request target: path and query taken apart and percent-decoded, strictly. Anything odd (bad
// escapes, control characters, invalid UTF-8, dot segments, empty segments) is refused, never
// repaired.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"

namespace tocsin {

// Path and query together; an id of 200 escaped bytes takes 600.
inline constexpr size_t kTargetBytesMax = 8192;
inline constexpr size_t kPathSegmentsMax = 16;
inline constexpr size_t kQueryParametersMax = 50;

struct UrlParts {
  std::vector<std::string> segments;  // decoded; "/" has none, a %2F stays inside its segment
  std::vector<NamedValue> query;      // decoded, names unique
};

// "/api/v1/monitors/a%2Fb?limit=5". The problem is a 400 (or 414) that says what is wrong.
std::expected<UrlParts, Problem> read_target(std::string_view target);

// %XX decoded; nothing when an escape is broken. '+' means a space only in a query.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
// Everything but letters, digits, '-', '_', '.', '~' becomes %XX.
std::string percent_encode(std::string_view text);

}  // namespace tocsin
