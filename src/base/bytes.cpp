#include "base/bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace tocsin {
namespace {

constexpr std::string_view kEscapesHelp =
    R"(known are \r \n \t \0 \a \b \f \v \e \\ \" \' \xHH; write \\ for a backslash)";
constexpr std::string_view kBase64Alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr size_t kDistanceBytesMax = 64;  // longer words are not typing mistakes; bounds the table

uint8_t byte_at(std::string_view bytes, size_t at) { return static_cast<uint8_t>(bytes[at]); }

// The byte that the one-letter escape `\letter` stands for, or -1.
int simple_escape(char letter) {
  switch (letter) {
    case 'r':
      return '\r';
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case '0':
      return '\0';
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'v':
      return '\v';
    case 'e':
      return 0x1B;
    case '\\':
    case '"':
    case '\'':
      return letter;
    default:
      return -1;
  }
}

struct Utf8Character {
  size_t size = 0;  // 1-4; 0: no valid character begins here
  char32_t value = 0;
};

// RFC 3629 section 4: shortest form only, no surrogates, nothing above U+10FFFF.
Utf8Character utf8_character(std::string_view bytes, size_t at) {
  const uint8_t lead = byte_at(bytes, at);
  if (lead < 0x80) {
    return {1, lead};
  }
  const size_t size = lead >= 0xC2 && lead <= 0xDF   ? 2
                      : lead >= 0xE0 && lead <= 0xEF ? 3
                      : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                     : 0;
  if (size == 0 || bytes.size() - at < size) {
    return {};
  }
  char32_t value = lead & (0x7FU >> size);
  for (size_t i = 1; i < size; ++i) {
    const uint8_t next = byte_at(bytes, at + i);
    if ((next & 0xC0U) != 0x80U) {
      return {};
    }
    value = (value << 6U) | (next & 0x3FU);
  }
  const bool too_long = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (too_long || surrogate || value > 0x10FFFF) {
    return {};
  }
  return {size, value};
}

// Characters that print nothing or change how their neighbours print: a received text could use
// them to look like another.
bool is_deceptive(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) ||  // C0, DEL, C1
         c == 0xAD ||                             // soft hyphen
         c == 0x61C ||                            // Arabic letter mark
         (c >= 0x200B && c <= 0x200F) ||          // zero width, direction marks
         (c >= 0x2028 && c <= 0x202E) ||          // line and paragraph separator, bidi embedding
         (c >= 0x2060 && c <= 0x206F) ||          // word joiner, bidi isolates
         c == 0xFEFF ||                           // byte order mark
         (c >= 0xFFF9 && c <= 0xFFFB) ||          // annotation
         (c >= 0xE0000 && c <= 0xE007F);          // tags
}

void append_hex_escape(std::string& text, uint8_t byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  text += "\\x";
  text += digits[byte >> 4U];
  text += digits[byte & 0x0FU];
}

void append_escaped(std::string& text, uint8_t byte) {
  switch (byte) {
    case '\r':
      text += "\\r";
      break;
    case '\n':
      text += "\\n";
      break;
    case '\t':
      text += "\\t";
      break;
    case '\0':
      text += "\\0";
      break;
    case '\\':
      text += "\\\\";
      break;
    default:
      append_hex_escape(text, byte);
  }
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

int hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

Result<std::string> unescape(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      bytes += text[at];
      continue;
    }
    const size_t start = at;
    ++at;
    if (at == text.size()) {
      return fail(ErrorKind::invalid_input,
                  fmt::format("the text ends in a lone backslash ({})", kEscapesHelp));
    }
    if (text[at] == 'x') {
      const int high = at + 1 < text.size() ? hex_value(text[at + 1]) : -1;
      const int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
      if (high < 0 || low < 0) {
        return fail(
            ErrorKind::invalid_input,
            fmt::format("\"\\x\" at byte {} needs two hex digits, for example \\x0A", start));
      }
      bytes += static_cast<char>(high * 16 + low);
      at += 2;
      continue;
    }
    const int byte = simple_escape(text[at]);
    if (byte < 0) {
      const size_t size = std::max<size_t>(utf8_character(text, at).size, 1);
      return fail(ErrorKind::invalid_input,
                  fmt::format("\"\\{}\" at byte {} is not an escape ({})",
                              escape_for_display(text.substr(at, size)), start, kEscapesHelp));
    }
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::string escape_for_display(std::string_view bytes, size_t bytes_max) {
  std::string text;
  text.reserve(std::min(bytes.size(), bytes_max));
  size_t at = 0;
  while (at < bytes.size()) {
    const Utf8Character character = utf8_character(bytes, at);
    const size_t size = std::max<size_t>(character.size, 1);
    if (at + size > bytes_max) {
      text += "…";
      break;
    }
    if (character.size != 0 && character.value != '\\' && !is_deceptive(character.value)) {
      text += bytes.substr(at, size);
    } else {
      for (size_t i = at; i < at + size; ++i) {
        append_escaped(text, byte_at(bytes, i));
      }
    }
    at += size;
  }
  return text;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 0x0FU];
  }
  return text;
}

Result<std::string> from_hex(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 2);
  size_t at = 0;
  while (at < text.size()) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    const int high = hex_value(text[at]);
    if (high < 0) {
      const size_t size = std::max<size_t>(utf8_character(text, at).size, 1);
      return fail(ErrorKind::invalid_input,
                  fmt::format("\"{}\" at byte {} is not a hex digit (write pairs, for example \"50 "
                              "49 4e 47\")",
                              escape_for_display(text.substr(at, size)), at));
    }
    const int low = at + 1 < text.size() ? hex_value(text[at + 1]) : -1;
    if (low < 0) {
      return fail(ErrorKind::invalid_input,
                  fmt::format("the hex digit \"{}\" at byte {} has no second one (each byte is two "
                              "digits, for example 0a)",
                              text[at], at));
    }
    bytes += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return bytes;
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const size_t count = std::min<size_t>(bytes.size() - at, 3);
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) {
      group = (group << 8U) | (i < count ? byte_at(bytes, at + i) : 0U);
    }
    for (size_t i = 0; i < 4; ++i) {
      text += i <= count ? kBase64Alphabet[(group >> (18U - 6U * i)) & 0x3FU] : '=';
    }
  }
  return text;
}

// Strict: what to_base64 would not have written is refused, so that one secret has one spelling
// (RFC 4648 section 3.5).
Result<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return fail(ErrorKind::invalid_input,
                fmt::format("base64 comes in groups of four characters, padded with \"=\"; here "
                            "are {} characters",
                            text.size()));
  }
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (size_t at = 0; at < text.size(); at += 4) {
    const size_t digits = at + 4 == text.size() ? 4 - padding : 4;
    uint32_t group = 0;
    for (size_t i = 0; i < 4; ++i) {
      const size_t digit = i < digits ? kBase64Alphabet.find(text[at + i]) : 0;
      if (digit == std::string_view::npos) {
        const size_t size = std::max<size_t>(utf8_character(text, at + i).size, 1);
        return fail(ErrorKind::invalid_input,
                    fmt::format("\"{}\" at byte {} does not belong to base64 (A-Z a-z 0-9 + /)",
                                escape_for_display(text.substr(at + i, size)), at + i));
      }
      group = (group << 6U) | static_cast<uint32_t>(digit);
    }
    const size_t count = digits - 1;
    for (size_t i = 0; i < 3; ++i) {
      const auto byte = static_cast<uint8_t>((group >> (16U - 8U * i)) & 0xFFU);
      if (i < count) {
        bytes += static_cast<char>(byte);
      } else if (byte != 0) {
        return fail(ErrorKind::invalid_input,
                    "the last base64 group has bits left over; the text was cut or mistyped");
      }
    }
  }
  return bytes;
}

bool is_valid_utf8(std::string_view bytes) {
  size_t at = 0;
  while (at < bytes.size()) {
    const size_t size = utf8_character(bytes, at).size;
    if (size == 0) {
      return false;
    }
    at += size;
  }
  return true;
}

std::string to_valid_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  size_t at = 0;
  while (at < bytes.size()) {
    const size_t size = utf8_character(bytes, at).size;
    text += size == 0 ? kReplacement : bytes.substr(at, size);
    at += std::max<size_t>(size, 1);
  }
  return text;
}

// Optimal string alignment, three rows of the table at a time.
size_t edit_distance(std::string_view a, std::string_view b) {
  if (a.size() > kDistanceBytesMax || b.size() > kDistanceBytesMax) {
    return std::max(a.size(), b.size());
  }
  using Row = std::array<size_t, kDistanceBytesMax + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  for (size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (size_t i = 1; i <= a.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace tocsin
