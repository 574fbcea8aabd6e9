#include "store/json_numbers.h"

namespace tocsin::stored {
namespace {

bool is_of_number(char c) { return c == '-' || (c >= '0' && c <= '9'); }

}  // namespace

NumberCuts::NumberCuts(std::string text) : text_(std::move(text)) {
  bool is_inside = false;  // of a text
  for (size_t at = 0; at < text_.size(); ++at) {
    if (text_[at] == '"') {
      is_inside = !is_inside;
    } else if (!is_inside && is_of_number(text_[at])) {
      const size_t begin = at;
      while (at + 1 < text_.size() && is_of_number(text_[at + 1])) {
        ++at;
      }
      cuts_.emplace_back(begin, at + 1);
    }
  }
}

bool NumberCuts::read(std::string_view text, std::vector<int64_t>& numbers) const {
  numbers.clear();
  size_t known = 0;
  for (const auto& [begin, end] : cuts_) {
    const std::string_view before = std::string_view(text_).substr(known, begin - known);
    if (!text.starts_with(before)) {
      return false;
    }
    text.remove_prefix(before.size());
    int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto digits = static_cast<size_t>(parsed.ptr - text.data());
    const std::string_view written = text.substr(text.starts_with('-') ? 1 : 0, digits);
    if (parsed.ec != std::errc() || (written.size() > 1 && written.front() == '0')) {
      return false;  // or no JSON
    }
    numbers.push_back(number);
    text.remove_prefix(digits);
    known = end;
  }
  return text == std::string_view(text_).substr(known);
}

}  // namespace tocsin::stored
