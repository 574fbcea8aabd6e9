// A regular expression of a user, compiled once by RE2 (core/pattern_cache.h) within named limits.
// It works on bytes (Latin-1), because answers are not text by right: `.` matches any byte but a
// line end, and a pattern written in UTF-8 matches its own bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace tocsin {

class Pattern {
 public:
  // Over kPatternBytesMax, over kRegexMemoryMax or not a regular expression: invalid_input with
  // RE2's reason.
  static Result<Pattern> compile(std::string_view text);
  // For who writes it down: also within kRegexSizeMax, which bounds how long a look at one answer
  // can hold the loop. What is stored already is judged as it is.
  static Result<void> check(std::string_view text);

  [[nodiscard]] bool found_in(std::string_view bytes) const;
  // The first group of the first match, the whole match when the pattern has no group; nothing when
  // there is no match or the group took no part in it. Views into `bytes`.
  [[nodiscard]] std::optional<std::string_view> first_group(std::string_view bytes) const;

  // True when bytes still to come could undo a match: the pattern looks at the end ($, \z) or
  // across it (\b, \B). May say true for a '$' inside a class; then we only wait longer.
  static bool depends_on_end(std::string_view text);

  // Of its groups, with and without name.
  [[nodiscard]] size_t groups() const;
  [[nodiscard]] std::vector<std::string> group_names() const;

 private:
  explicit Pattern(std::shared_ptr<const re2::RE2> compiled);
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace tocsin
