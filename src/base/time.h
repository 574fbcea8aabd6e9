// The two kinds of time and their text forms. SystemTime labels things for people and other
// machines; SteadyTime (CLOCK_BOOTTIME: it counts suspend) is for waiting and for durations. They
// never mix, and nothing here reads a clock: `now` is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin {

using namespace std::chrono_literals;

using Duration = std::chrono::microseconds;
using SystemTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

// Tag of SteadyTime; has no now() on purpose (ports/clock.h has).
struct BootClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock, duration>;
  static constexpr bool is_steady = true;
};
using SteadyTime = BootClock::time_point;

inline constexpr SteadyTime kNever = SteadyTime::max();

// "250ms", "5s", "1m30s", "2h", "35d"; units us, ms, s, m, h, d, y (365 d), each at most once,
// largest first, whole numbers or a decimal fraction ("0.5s"). A bare number is invalid_input and
// the message says which unit was probably meant.
Result<Duration> parse_duration(std::string_view text);

// The shortest text that parse_duration reads back exactly: "250ms", "1m30s", "0s".
std::string duration_text(Duration value);

// For people, three significant digits: "312 µs", "4.80 ms", "1.24 s", "4 min 12 s", "2 h 3 min",
// "5 d 2 h".
std::string human_duration(Duration value);

// RFC 3339 in UTC with milliseconds ("2026-11-21T14:03:20.123Z") or microseconds.
std::string rfc3339(SystemTime at);
std::string rfc3339_us(SystemTime at);
// Reads RFC 3339 with any offset and up to nine fractional digits.
Result<SystemTime> parse_rfc3339(std::string_view text);

}  // namespace tocsin
