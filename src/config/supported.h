// What may be written but does not work yet. One place, so that it shrinks visibly.
#pragma once

#include <span>
#include <string_view>

namespace tocsin {

// Keys of the top level that people write who read ahead in the documentation.
std::span<const std::string_view> later_sections();

}  // namespace tocsin
