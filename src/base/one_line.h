// Names stand in logs, in lists, in notices and in the timeline of incidents: a line end or another
// control character in one would look like the next entry.
#pragma once

#include <algorithm>
#include <string_view>

namespace tocsin {

inline bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

}  // namespace tocsin
