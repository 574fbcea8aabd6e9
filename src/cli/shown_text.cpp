#include "cli/shown_text.h"

#include "base/bytes.h"

namespace tocsin::cli {

std::string shown_text(std::string_view text, size_t bytes_max) {
  std::string shown;
  while (true) {
    const size_t backslash = text.find('\\');
    const bool is_last = backslash == std::string_view::npos || backslash >= bytes_max;
    shown += escape_for_display(is_last ? text : text.substr(0, backslash), bytes_max);
    if (is_last) {
      return shown;
    }
    shown += '\\';
    text.remove_prefix(backslash + 1);
    bytes_max -= backslash + 1;
  }
}

}  // namespace tocsin::cli
