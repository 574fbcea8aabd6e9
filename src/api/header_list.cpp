#include "api/header_list.h"

#include <algorithm>
#include <charconv>

#include "base/letter_case.h"

namespace tocsin {
namespace {

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes the text up to the next `separator` off the front.
std::string_view take(std::string_view& rest, char separator) {
  const size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return trim(part);
}

// "0.25" as thousandths.
int quality_of(std::string_view text) {
  constexpr int kFull = 1000;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_sane =
      error == std::errc() && end == text.data() + text.size() && value >= 0 && value <= 1;
  return is_sane ? static_cast<int>(value * kFull) : 0;
}

// Whether `list` has the element `name`, and not with q=0; the first of that name counts.
bool wants(std::string_view list, std::string_view name) {
  for (const Preference& one : preferences(list)) {
    if (same_ignoring_ascii_case(one.name, name)) {
      return one.quality > 0;
    }
  }
  return false;
}

}  // namespace

std::vector<Preference> preferences(std::string_view list) {
  std::vector<Preference> found;
  while (!list.empty()) {
    std::string_view element = take(list, ',');
    Preference one{.name = take(element, ';'), .quality = 1000};
    while (!element.empty()) {
      const std::string_view parameter = take(element, ';');
      if (parameter.size() > 2 && same_ignoring_ascii_case(parameter.substr(0, 2), "q=")) {
        one.quality = quality_of(parameter.substr(2));
      }
    }
    found.push_back(one);
  }
  return found;
}

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
