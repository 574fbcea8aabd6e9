// What is wrong with a configuration text before anybody looks for YAML in it, and places in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/problems.h"

namespace tocsin {

struct TextFault {
  TextMark at;
  std::string message, hint;
};

// Over kConfigBytesMax, not UTF-8, control characters, or more [ { , than the parser can hold in
// memory.
std::optional<TextFault> find_text_fault(std::string_view text);

// The last place of the text for a mark beyond it.
TextMark clamp_to_text(std::string_view text, TextMark mark);

// For a quoted scalar that begins at `quote`: whether its closing quote is there. True for a block
// text (| or >).
bool closes_quote(std::string_view text, TextMark quote);

// Line `line` of `text`, without its end.
std::string_view line_of(std::string_view text, int line);

}  // namespace tocsin
