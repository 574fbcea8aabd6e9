// A regular expression or JSON path for people, as it was written: a backslash is its author's and
// stays one. Everything else that escape_for_display (base/bytes.h) escapes is escaped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin {

// Cut after `bytes_max` bytes of the pattern, and then ends in "…".
std::string pattern_text(std::string_view pattern, size_t bytes_max = SIZE_MAX);

}  // namespace tocsin
