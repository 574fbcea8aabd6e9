#include "api/http_reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/problem.h"
#include "base/letter_case.h"

namespace tocsin {
namespace {

bool is_safe_value(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

// What every answer carries unless it brings its own: two policies of one name would both count,
// and two cache rules nobody can read.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kDefaults = {{
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Cache-Control", "no-store"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},  // no page elsewhere takes it in
}};

constexpr int kNoContent = 204, kNotModified = 304;  // without a body by their nature

}  // namespace

std::string http_date(SystemTime at) {
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                     "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(at - day));
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday(day).c_encoding()],
      static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
      static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
      clock.seconds().count());
}

std::string reply_head(const ApiResponse& response, const ReplyFraming& framing) {
  std::string head =
      fmt::format("HTTP/1.1 {} {}\r\n", response.status, status_title(response.status));
  const auto add = [&head](std::string_view name, std::string_view value) {
    if (is_safe_value(name) && is_safe_value(value)) {
      head += fmt::format("{}: {}\r\n", name, value);
    }
  };
  add("Date", http_date(framing.now));
  add("Server", "tocsin");
  if (response.status != kNoContent && response.status != kNotModified) {
    add("Content-Type", response.content_type);
    if (!response.stream) {
      add("Content-Length", fmt::to_string(response.body.size()));
    } else if (framing.is_http_11) {
      add("Transfer-Encoding", "chunked");
    }
  }
  add("X-Request-Id", framing.request_id);
  add("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : kDefaults) {
    const auto is_it = [&](const NamedValue& given) {
      return same_ignoring_ascii_case(given.first, name);
    };
    if (std::ranges::none_of(response.headers, is_it)) {
      add(name, value);
    }
  }
  for (const auto& [name, value] : response.headers) {
    add(name, value);
  }
  add("Connection", framing.keep_alive ? "keep-alive" : "close");
  head += "\r\n";
  return head;
}

}  // namespace tocsin
