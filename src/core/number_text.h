// Numbers as people and protocols write them, compared as numbers: "1.0" equals "1", and whole
// numbers of any length are exact.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace tocsin {

// -12, 0.5, 1e3; white space around it is not looked at. No sign '+', no hex, no "inf".
bool is_number(std::string_view text);
// Nothing unless both are numbers.
std::optional<std::partial_ordering> compare_numbers(std::string_view a, std::string_view b);

}  // namespace tocsin
