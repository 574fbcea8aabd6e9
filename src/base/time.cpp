#include "base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/bytes.h"

namespace tocsin {
namespace {

struct Unit {
  std::string_view name;
  int64_t microseconds;
};
// Largest first; "ms" is looked up by its whole name, so it does not shadow "m".
constexpr std::array kUnits = {Unit{"y", 365LL * 86400 * 1000000},
                               Unit{"d", 86400LL * 1000000},
                               Unit{"h", 3600LL * 1000000},
                               Unit{"m", 60LL * 1000000},
                               Unit{"s", 1000000},
                               Unit{"ms", 1000},
                               Unit{"us", 1}};
constexpr size_t kShownBytesMax = 40;  // of a bad text in its message
// 1,000 years; keeps sums far from overflow.
constexpr int64_t kDurationMax = 1000LL * 365 * 86400 * 1000000;

Error bad_duration(std::string_view text, std::string_view why) {
  return Error{ErrorKind::invalid_input,
               fmt::format("\"{}\" is not a duration: {} (write for example 250ms, 5s, 1m30s, 2h)",
                           escape_for_display(text, kShownBytesMax), why)};
}

// Of any duration: the smallest int64_t has no positive counterpart.
uint64_t magnitude(Duration value) {
  const auto count = static_cast<uint64_t>(value.count());
  return value.count() < 0 ? 0 - count : count;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  if (text.empty()) {
    return std::unexpected(bad_duration(text, "it is empty"));
  }
  int64_t total = 0;
  int64_t previous_unit = INT64_MAX;
  size_t at = 0;
  while (at < text.size()) {
    size_t number_end = at;
    while (number_end < text.size() && (is_digit(text[number_end]) || text[number_end] == '.')) {
      ++number_end;
    }
    size_t unit_end = number_end;
    while (unit_end < text.size() && text[unit_end] >= 'a' && text[unit_end] <= 'z') {
      ++unit_end;
    }
    const std::string_view number = text.substr(at, number_end - at);
    const std::string_view unit_name = text.substr(number_end, unit_end - number_end);
    double value = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), value);
    if (number.empty() || parsed.ec != std::errc() || parsed.ptr != number.data() + number.size()) {
      return std::unexpected(bad_duration(text, "a number followed by a unit is expected"));
    }
    if (unit_name.empty() && unit_end == text.size()) {
      return std::unexpected(
          bad_duration(text, fmt::format("the unit is missing; did you mean {0}s or {0}ms?",
                                         text.substr(0, kShownBytesMax))));
    }
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (candidate.name == unit_name) {
        unit = &candidate;
      }
    }
    if (unit == nullptr) {
      return std::unexpected(bad_duration(text, "the units are us, ms, s, m, h, d and y"));
    }
    if (unit->microseconds >= previous_unit) {
      return std::unexpected(bad_duration(text, "units go from large to small, each once"));
    }
    previous_unit = unit->microseconds;
    const double part = value * static_cast<double>(unit->microseconds);
    if (!(part <= static_cast<double>(kDurationMax)) ||
        total + static_cast<int64_t>(part) > kDurationMax) {
      return std::unexpected(bad_duration(text, "it is longer than 1,000 years"));
    }
    total += std::llround(part);
    at = unit_end;
  }
  return Duration(total);
}

std::string duration_text(Duration value) {
  if (value.count() == 0) {
    return "0s";
  }
  std::string text = value.count() < 0 ? "-" : "";
  uint64_t left = magnitude(value);
  for (const Unit& unit : kUnits) {
    if (unit.name == "y") {
      continue;  // years are read, not written: people count retention in days
    }
    const auto size = static_cast<uint64_t>(unit.microseconds);
    if (left >= size) {
      text += fmt::format("{}{}", left / size, unit.name);
      left %= size;
    }
  }
  return text;
}

std::string human_duration(Duration value) {
  const std::string sign = value.count() < 0 ? "-" : "";
  const uint64_t us = magnitude(value);
  const auto three_digits = [&sign](double number, const char* unit) {
    const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
    return fmt::format("{}{:.{}f} {}", sign, number, decimals, unit);
  };
  if (us < 1000) {
    return fmt::format("{}{} µs", sign, us);
  }
  const double ms = static_cast<double>(us) / 1e3;
  if (ms < 999.5) {
    return three_digits(ms, "ms");
  }
  const double seconds = static_cast<double>(us) / 1e6;
  if (seconds < 59.95) {
    return three_digits(seconds, "s");
  }
  const uint64_t whole = std::max<uint64_t>(us / 1000000, 60);
  const auto pair = [&sign](uint64_t high, const char* high_unit, uint64_t low,
                            const char* low_unit) {
    return low == 0 ? fmt::format("{}{} {}", sign, high, high_unit)
                    : fmt::format("{}{} {} {} {}", sign, high, high_unit, low, low_unit);
  };
  if (whole < 3600) {
    return pair(whole / 60, "min", whole % 60, "s");
  }
  if (whole < 86400) {
    return pair(whole / 3600, "h", whole % 3600 / 60, "min");
  }
  return pair(whole / 86400, "d", whole % 86400 / 3600, "h");
}

namespace {
std::string rfc3339_with(SystemTime at, int digits) {
  using namespace std::chrono;
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss<Duration> clock{at - day};
  const int64_t fraction =
      digits == 3 ? clock.subseconds().count() / 1000 : clock.subseconds().count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:0{}}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     fraction, digits);
}

// Reads exactly `count` digits at `at`.
bool digits(std::string_view text, size_t at, size_t count, int& value) {
  value = 0;
  if (at + count > text.size()) {
    return false;
  }
  for (size_t i = at; i < at + count; ++i) {
    if (!is_digit(text[i])) {
      return false;
    }
    value = value * 10 + (text[i] - '0');
  }
  return true;
}
}  // namespace

std::string rfc3339(SystemTime at) { return rfc3339_with(at, 3); }
std::string rfc3339_us(SystemTime at) { return rfc3339_with(at, 6); }

Result<SystemTime> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto bad = [&] {
    return fail(
        ErrorKind::invalid_input,
        fmt::format("\"{}\" is not a time (write RFC 3339, for example 2026-11-21T14:03:20Z)",
                    escape_for_display(text, kShownBytesMax)));
  };
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  if (text.size() < 20 || !digits(text, 0, 4, y) || text[4] != '-' || !digits(text, 5, 2, mo) ||
      text[7] != '-' || !digits(text, 8, 2, d) ||
      (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || !digits(text, 11, 2, h) ||
      text[13] != ':' || !digits(text, 14, 2, mi) || text[16] != ':' || !digits(text, 17, 2, s) ||
      h > 23 || mi > 59 || s > 60) {
    return bad();
  }
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)),
                            day(static_cast<unsigned>(d))};
  if (!date.ok()) {
    return bad();
  }
  size_t at = 19;
  int64_t fraction_us = 0;
  if (text[at] == '.') {
    ++at;
    const size_t first = at;
    int64_t scale = 100000;
    while (at < text.size() && is_digit(text[at])) {
      fraction_us += (text[at] - '0') * scale;
      scale /= 10;
      ++at;
    }
    if (at == first || at - first > 9) {
      return bad();
    }
  }
  int offset_minutes = 0;
  if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) {
    offset_minutes = 0;
  } else {
    int oh = 0, om = 0;
    if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') ||
        !digits(text, at + 1, 2, oh) || text[at + 3] != ':' || !digits(text, at + 4, 2, om) ||
        oh > 23 || om > 59) {
      return bad();
    }
    offset_minutes = (text[at] == '-' ? -1 : 1) * (oh * 60 + om);
  }
  return SystemTime(sys_days(date)) + hours(h) + minutes(mi - offset_minutes) + seconds(s) +
         Duration(fraction_us);
}

}  // namespace tocsin
