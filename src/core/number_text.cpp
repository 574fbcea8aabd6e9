#include "core/number_text.h"

#include <charconv>

namespace tocsin {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<double> number_of(std::string_view text) {
  text = trimmed(text);
  const size_t first = text.starts_with('-') ? 1 : 0;
  // from_chars also reads "inf", "nan" and ".5": a digit must come first.
  if (first >= text.size() || !is_digit(text[first])) {
    return std::nullopt;
  }
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return read.ec == std::errc() ? std::optional(value) : std::nullopt;
}

// A whole number without sign and leading zeros, or nothing.
struct Whole {
  bool negative;
  std::string_view digits;
};
std::optional<Whole> whole_of(std::string_view text) {
  text = trimmed(text);
  const bool negative = text.starts_with('-');
  std::string_view digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  const size_t first = digits.find_first_not_of('0');
  digits = first == std::string_view::npos ? std::string_view() : digits.substr(first);
  return Whole{.negative = negative && !digits.empty(), .digits = digits};
}

std::strong_ordering compare_wholes(const Whole& a, const Whole& b) {
  if (a.negative != b.negative) {
    return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  const auto by_size = a.digits.size() <=> b.digits.size();
  const auto magnitude = by_size != 0 ? by_size : a.digits.compare(b.digits) <=> 0;
  return a.negative ? 0 <=> magnitude : magnitude;
}

}  // namespace

bool is_number(std::string_view text) { return whole_of(text) || number_of(text); }

std::optional<std::partial_ordering> compare_numbers(std::string_view a, std::string_view b) {
  const std::optional<Whole> whole_a = whole_of(a);
  const std::optional<Whole> whole_b = whole_of(b);
  if (whole_a && whole_b) {
    return compare_wholes(*whole_a, *whole_b);
  }
  const std::optional<double> number_a = number_of(a);
  const std::optional<double> number_b = number_of(b);
  if (!number_a || !number_b) {
    return std::nullopt;
  }
  return *number_a <=> *number_b;
}

}  // namespace tocsin
