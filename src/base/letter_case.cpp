#include "base/letter_case.h"

#include <algorithm>
#include <cstdint>

namespace tocsin {
namespace {

// Latin Extended-A stands in pairs, capital first: on even numbers, but on odd ones from U+0139 to
// U+0148 and from U+0179 to U+017E. U+0130 and U+0131 are no pair: dotted and dotless i of Turkish.
char32_t fold_latin_pair(char32_t c) {
  if (c == 0x130 || c == 0x131 || c == 0x138 || c == 0x149 || c == 0x178 || c == 0x17F) {
    return c;
  }
  const bool capital_is_odd = (c >= 0x139 && c <= 0x148) || c >= 0x179;
  return (c % 2 == 1) == capital_is_odd ? c + 1 : c;
}

// Of a character that takes two bytes, U+0080 to U+07FF.
char32_t fold_two_bytes(char32_t c) {
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) {
    return c + 0x20;
  }
  if (c >= 0x100 && c <= 0x17F) {
    return fold_latin_pair(c);
  }
  if ((c >= 0x391 && c <= 0x3A9 && c != 0x3A2) || (c >= 0x410 && c <= 0x42F)) {
    return c + 0x20;
  }
  return c >= 0x400 && c <= 0x40F ? c + 0x50 : c;
}

}  // namespace

std::string ascii_lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return ascii_lower(c); });
  return result;
}

bool same_ignoring_ascii_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

std::string fold_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return ascii_lower(c); });
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const auto lead = static_cast<uint8_t>(text[i]);
    const auto next = static_cast<uint8_t>(text[i + 1]);
    if (lead < 0xC2 || lead > 0xDF || (next & 0xC0U) != 0x80) {
      continue;
    }
    const char32_t folded = fold_two_bytes(((lead & 0x1FU) << 6U) | (next & 0x3FU));
    text[i] = static_cast<char>(0xC0U | (folded >> 6U));
    text[++i] = static_cast<char>(0x80U | (folded & 0x3FU));
  }
  return text;
}

}  // namespace tocsin
