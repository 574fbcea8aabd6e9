#include "base/json_text.h"

#include <fmt/format.h>

#include <iterator>

#include "base/bytes.h"

namespace tocsin {
namespace {

// The escape of an ASCII character, or nothing when it stands for itself.
std::string_view short_escape(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return {};
  }
}

void append_valid_text(std::string& out, std::string_view value) {
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const auto byte = static_cast<unsigned char>(c);
    if (const std::string_view escape = short_escape(c); !escape.empty()) {
      out += escape;
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else if (byte == 0xc2 && static_cast<unsigned char>(value[i + 1]) < 0xa0) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(value[++i]));
    } else if (value.substr(i, 3) == "\xe2\x80\xa8" || value.substr(i, 3) == "\xe2\x80\xa9") {
      out += value[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += c;
    }
  }
}

}  // namespace

void append_json_text(std::string& out, std::string_view value) {
  out += '"';
  if (is_valid_utf8(value)) {
    append_valid_text(out, value);
  } else {
    append_valid_text(out, to_valid_utf8(value));
  }
  out += '"';
}

}  // namespace tocsin
