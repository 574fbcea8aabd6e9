#include "core/quoted_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/bytes.h"

namespace tocsin {
namespace {

struct Escape {
  char letter;
  char byte;
};
constexpr std::array kEscapes = {Escape{'"', '"'},  Escape{'\\', '\\'}, Escape{'/', '/'},
                                 Escape{'b', '\b'}, Escape{'f', '\f'},  Escape{'n', '\n'},
                                 Escape{'r', '\r'}, Escape{'t', '\t'}};

// Size of the UTF-8 character at `at`, 0 when there is none.
size_t character_size(std::string_view bytes, size_t at) {
  for (size_t size = 1; size <= 4 && at + size <= bytes.size(); ++size) {
    if (is_valid_utf8(bytes.substr(at, size))) {
      return size;
    }
  }
  return 0;
}

std::optional<uint32_t> hex_at(std::string_view text, size_t at, size_t digits) {
  if (at + digits > text.size()) {
    return std::nullopt;
  }
  uint32_t value = 0;
  const char* const end = text.data() + at + digits;
  const auto read = std::from_chars(text.data() + at, end, value, 16);
  return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

void append_utf8(std::string& bytes, uint32_t code) {
  const auto tail = [&](unsigned shift) {
    bytes += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) {
    bytes += static_cast<char>(code);
  } else if (code < 0x800) {
    bytes += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    bytes += static_cast<char>(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    bytes += static_cast<char>(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::unexpected<Error> bad_escape(std::string_view text, size_t at) {
  return fail(
      ErrorKind::invalid_input,
      fmt::format("unknown escape \"{}\" (known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uHHHH "
                  "\\xHH; a backslash of a pattern is written twice)",
                  text.substr(at, std::max<size_t>(1 + character_size(text, at + 1), 2))));
}

// The code point at "uHHHH" (a surrogate pair takes two of them); `at` moves behind it.
std::optional<uint32_t> read_code_point(std::string_view text, size_t& at) {
  const std::optional<uint32_t> high = hex_at(text, at + 1, 4);
  if (!high) {
    return std::nullopt;
  }
  at += 5;
  if (*high < 0xD800 || *high > 0xDFFF) {
    return high;
  }
  const bool pair = *high < 0xDC00 && text.substr(at, 2) == "\\u";
  const std::optional<uint32_t> low = pair ? hex_at(text, at + 2, 4) : std::nullopt;
  if (!low || *low < 0xDC00 || *low > 0xDFFF) {
    return std::nullopt;
  }
  at += 6;
  return 0x10000 + ((*high - 0xD800) << 10U) + (*low - 0xDC00);
}

// Appends what the escape at text[at] == '\\' stands for; false when it stands for nothing.
bool read_escape(std::string_view text, size_t& at, std::string& bytes) {
  size_t next = at + 1;
  if (next >= text.size()) {
    return false;
  }
  if (text[next] == 'u') {
    const std::optional<uint32_t> code = read_code_point(text, next);
    if (code) {
      append_utf8(bytes, *code);
      at = next;
    }
    return code.has_value();
  }
  if (text[next] == 'x') {
    const std::optional<uint32_t> byte = hex_at(text, next + 1, 2);
    if (byte) {
      bytes += static_cast<char>(*byte);
      at = next + 3;
    }
    return byte.has_value();
  }
  for (const Escape& escape : kEscapes) {
    if (escape.letter == text[next]) {
      bytes += escape.byte;
      at = next + 1;
      return true;
    }
  }
  return false;
}

}  // namespace

std::string quote_text(std::string_view bytes) {
  std::string text = "\"";
  for (size_t at = 0; at < bytes.size();) {
    const size_t size = character_size(bytes, at);
    const char byte = bytes[at];
    if (size == 0) {
      text += fmt::format("\\x{:02x}", static_cast<uint8_t>(byte));
      ++at;
      continue;
    }
    const bool control = size == 1 && (static_cast<uint8_t>(byte) < 0x20 || byte == 0x7F);
    const auto* const escape = std::find_if(kEscapes.begin(), kEscapes.end(), [&](const Escape& e) {
      return size == 1 && e.byte == byte && byte != '/';
    });
    if (escape != kEscapes.end()) {
      text += '\\';
      text += escape->letter;
    } else if (control) {
      text += fmt::format("\\u{:04x}", static_cast<uint8_t>(byte));
    } else {
      text += bytes.substr(at, size);
    }
    at += size;
  }
  return text + '"';
}

Result<QuotedText> read_quoted(std::string_view text) {
  if (text.empty() || text.front() != '"') {
    return fail(ErrorKind::invalid_input, "a text in double quotes is expected");
  }
  QuotedText quoted;
  for (size_t at = 1; at < text.size();) {
    if (text[at] == '"') {
      quoted.size = at + 1;
      return quoted;
    }
    if (text[at] != '\\') {
      quoted.bytes += text[at++];
    } else if (!read_escape(text, at, quoted.bytes)) {
      return bad_escape(text, at);
    }
  }
  return fail(ErrorKind::invalid_input, "the closing double quote is missing");
}

}  // namespace tocsin
