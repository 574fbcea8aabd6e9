// Letters without regard to case: of protocols, where only ASCII counts, and of names that people
// search for, where the common alphabets do.
#pragma once

#include <string>
#include <string_view>

namespace tocsin {

constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string ascii_lower(std::string_view text);
// As names of headers, schemes and hosts are compared.
bool same_ignoring_ascii_case(std::string_view a, std::string_view b);

// UTF-8 with Latin (to U+017F), Greek and Cyrillic capitals made small, each in as many bytes as
// before; everything else, invalid bytes included, stays. Two texts that differ only in the case of
// these letters become equal; meant for searching, not for showing.
std::string fold_case(std::string text);

}  // namespace tocsin
