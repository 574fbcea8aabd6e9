#include "notify/email/quoted_printable.h"

#include <cstddef>

namespace tocsin {
namespace {

constexpr size_t kLineCharacters = 75;  // and a soft line break's "="
constexpr std::string_view kHex = "0123456789ABCDEF";

bool is_literal(char c, bool last_of_line) {
  if (c == ' ' || c == '\t') {
    return !last_of_line;  // white space at the end of a line may be lost on the way
  }
  return c > ' ' && c <= '~' && c != '=';
}

void append_line(std::string_view line, std::string& out) {
  size_t column = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const bool literal = is_literal(line[i], i + 1 == line.size());
    const size_t size = literal ? 1 : 3;
    if (column + size > kLineCharacters) {
      out += "=\r\n";
      column = 0;
    }
    column += size;
    if (literal) {
      out += line[i];
    } else {
      const auto byte = static_cast<unsigned char>(line[i]);
      out += '=';
      out += kHex[byte >> 4U];
      out += kHex[byte & 0x0FU];
    }
  }
  out += "\r\n";
}

}  // namespace

std::string quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  do {
    const size_t end = text.find('\n');
    append_line(text.substr(0, end), out);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  } while (!text.empty());
  return out;
}

}  // namespace tocsin
