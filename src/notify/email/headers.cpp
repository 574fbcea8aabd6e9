#include "notify/email/headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"

namespace tocsin {
namespace {

constexpr size_t kLineBytes = 76;  // RFC 2047 2: an encoded-word line
// 52 base64 characters; with =?UTF-8?B??= 64, and "Subject: " fits before it.
constexpr size_t kEncodedPayloadBytes = 39;
constexpr size_t kFreeTextBytesMax = 2000;  // of one free text; a longer subject helps nobody
constexpr size_t kFixedBytesMax = 900;      // RFC 5322 2.1.1 allows 998 with the name

constexpr std::array<std::string_view, 10> kNames = {
    "From",        "To",         "Subject",        "Date",         "Message-ID",
    "In-Reply-To", "References", "Auto-Submitted", "MIME-Version", "Content-Type"};

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

std::string without_controls(std::string_view value) {
  std::string clean = to_valid_utf8(value.substr(0, kFreeTextBytesMax));
  for (char& c : clean) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      c = ' ';
    }
  }
  return clean;
}

size_t next_character(std::string_view text, size_t at) {
  do {
    ++at;
  } while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
  return at;
}

// Encoded-words of whole characters (RFC 2047 5 (3)), one a line.
std::string encoded_words(std::string_view text) {
  std::string words;
  size_t start = 0;
  while (start < text.size()) {
    size_t end = next_character(text, start);
    for (size_t next = end; next < text.size();) {
      next = next_character(text, next);
      if (next - start > kEncodedPayloadBytes) {
        break;
      }
      end = next;
    }
    words += words.empty() ? "" : "\r\n ";
    words += "=?UTF-8?B?" + to_base64(text.substr(start, end - start)) + "?=";
    start = end;
  }
  return words;
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// Plain text can be folded at its single spaces only when nobody would have to guess what stood
// there.
bool can_stay_plain(std::string_view text) {
  if (!is_printable_ascii(text) || text.find("=?") != std::string_view::npos ||
      text.find("  ") != std::string_view::npos || text.starts_with(' ') || text.ends_with(' ')) {
    return false;
  }
  return std::ranges::all_of(split_words(text),
                             [](std::string_view word) { return word.size() < kLineBytes - 20; });
}

std::string folded(std::string_view text, size_t column) {
  std::string lines;
  for (const std::string_view word : split_words(text)) {
    if (!lines.empty()) {
      const bool fits = column + 1 + word.size() <= kLineBytes;
      lines += fits ? " " : "\r\n ";
      column = fits ? column + 1 : 1;
    }
    lines += word;
    column += word.size();
  }
  return lines;
}

std::string mailbox_text(const MailAddress& mailbox) {
  if (mailbox.display.empty()) {
    return mailbox.address;
  }
  const bool plain = std::ranges::all_of(mailbox.display, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ';
  });
  const std::string display = plain && mailbox.display.size() < kLineBytes - 20
                                  ? mailbox.display
                                  : encoded_words(without_controls(mailbox.display));
  const bool fits = display.size() + mailbox.address.size() < kLineBytes - 10;
  return fmt::format("{}{}<{}>", display, fits ? " " : "\r\n ", mailbox.address);
}

}  // namespace

void MailHeaders::add(MailHeader name, std::string_view folded_value) {
  const auto index = static_cast<size_t>(name);
  CHECK(index < kNames.size(), "a header is one of the list");
  block_ += kNames[index];
  block_ += ": ";
  block_ += folded_value;
  block_ += "\r\n";
}

void MailHeaders::text(MailHeader name, std::string_view value) {
  const std::string clean = without_controls(value);
  if (can_stay_plain(clean)) {
    add(name, folded(clean, kNames[static_cast<size_t>(name)].size() + 2));
  } else {
    add(name, encoded_words(clean));
  }
}

void MailHeaders::addresses(MailHeader name, std::span<const MailAddress> addresses) {
  std::string list;
  for (const MailAddress& mailbox : addresses) {
    list += list.empty() ? "" : ",\r\n ";
    list += mailbox_text(mailbox);
  }
  add(name, list);
}

void MailHeaders::message_id(MailHeader name, std::string_view left, const MailAddress& domain_of) {
  std::string clean;
  for (const char c : left) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-') {
      clean += c;
    }
  }
  add(name, fmt::format("<{}@{}>", clean, domain_of.domain()));
}

void MailHeaders::date(MailHeader name, SystemTime at) {
  using namespace std::chrono;
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss<seconds> clock{floor<seconds>(at - day)};
  add(name,
      fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} +0000", kDays[weekday{day}.c_encoding()],
                  static_cast<unsigned>(date.day()),
                  kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count()));
}

void MailHeaders::fixed(MailHeader name, std::string_view value) {
  CHECK(is_printable_ascii(value) && value.size() <= kFixedBytesMax, "a header word of ours");
  add(name, value);
}

}  // namespace tocsin
