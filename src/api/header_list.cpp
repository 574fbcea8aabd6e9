#include "api/header_list.h"

#include <algorithm>

namespace tocsin {
namespace {

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// Takes the text up to the next `separator` off the front.
std::string_view take(std::string_view& rest, char separator) {
  const size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return trim(part);
}

// "q=0", "q=0.0", "q=0.00", "q=0.000": not at all.
bool is_refusal(std::string_view parameter) {
  return parameter.size() >= 3 && is_same_word(parameter.substr(0, 2), "q=") &&
         parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
}

// Whether `list` has the element `name`, and not with q=0.
bool wants(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    std::string_view element = take(list, ',');
    if (!is_same_word(take(element, ';'), name)) {
      continue;
    }
    bool is_refused = false;
    while (!element.empty()) {
      is_refused = is_refusal(take(element, ';')) || is_refused;
    }
    return !is_refused;
  }
  return false;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) { return wants(accept_encoding, "gzip"); }

bool accepts_type(std::string_view accept, std::string_view type) { return wants(accept, type); }

bool names_etag(std::string_view if_none_match, std::string_view etag) {
  std::string_view rest = if_none_match;
  while (!rest.empty()) {
    std::string_view known = take(rest, ',');
    if (known.starts_with("W/")) {
      known.remove_prefix(2);
    }
    if (known == "*" || known == etag) {
      return true;
    }
  }
  return false;
}

}  // namespace tocsin
