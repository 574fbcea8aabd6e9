// The YAML library's complaints in words that say what to do.
#pragma once

#include <string>
#include <string_view>

#include "config/problems.h"

namespace tocsin {

std::string yaml_message(std::string_view complaint, std::string_view text, TextMark at);
std::string yaml_hint(std::string_view complaint, std::string_view text, TextMark at);

}  // namespace tocsin
