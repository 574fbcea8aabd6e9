// Text in double quotes as JSON writes it, with one addition: \xHH for a byte that is not UTF-8.
// What an assertion's target looks like.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin {

// Any bytes, quotes included; read_quoted gives them back exactly.
std::string quote_text(std::string_view bytes);

struct QuotedText {
  std::string bytes;
  size_t size = 0;  // of the quoted form, quotes included
};
// Reads the quoted text at the beginning of `text`, which may go on behind it.
Result<QuotedText> read_quoted(std::string_view text);

}  // namespace tocsin
