#include "notify/http_header.h"

#include <algorithm>

#include "base/letter_case.h"

namespace tocsin {
namespace {

bool is_token_character(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

}  // namespace

bool is_header_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, is_token_character);
}

bool is_header_value(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || c == '\t';
  });
}

bool same_header_name(std::string_view a, std::string_view b) {
  return same_ignoring_ascii_case(a, b);
}

}  // namespace tocsin
