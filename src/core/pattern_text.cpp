#include "core/pattern_text.h"

#include "base/bytes.h"

namespace tocsin {

std::string pattern_text(std::string_view pattern, size_t bytes_max) {
  const std::string escaped = escape_for_display(pattern, bytes_max);
  std::string text;
  text.reserve(escaped.size());
  for (size_t at = 0; at < escaped.size(); ++at) {
    text += escaped[at];
    at += escaped.compare(at, 2, "\\\\") == 0 ? 1 : 0;
  }
  return text;
}

}  // namespace tocsin
