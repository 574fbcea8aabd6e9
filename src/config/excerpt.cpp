#include "config/excerpt.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/letter_case.h"

namespace tocsin {
namespace {

constexpr size_t kExcerptBytesMax = 200;
constexpr std::string_view kHidden = "***";
constexpr std::array<std::string_view, 7> kSecretKeys = {
    "secret", "password", "url", "token", "authorization", "headers", "api_key"};

struct Line {
  size_t begin = 0, end = 0;  // offsets, line end left out
};

Line find_line(std::string_view text, int line) {
  size_t begin = 0;
  for (int i = 1; i < line; ++i) {
    const size_t next = text.find('\n', begin);
    if (next == std::string_view::npos) {
      return {text.size(), text.size()};
    }
    begin = next + 1;
  }
  size_t end = std::min(text.find('\n', begin), text.size());
  if (end > begin && text[end - 1] == '\r') {
    --end;
  }
  return {begin, end};
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Where a text like scheme://user:password@host begins; npos when there is none.
size_t login_text(std::string_view line) {
  for (size_t at = line.find('@'); at != std::string_view::npos; at = line.find('@', at + 1)) {
    const size_t before = line.find_last_of(" \t\"'", at);
    const size_t begin = before == std::string_view::npos ? 0 : before + 1;
    if (line.substr(begin, at - begin).find(':') != std::string_view::npos) {
      return begin;
    }
  }
  return std::string_view::npos;
}

// Where the first secret in `line` begins: behind the colon of a secret key, or a login; npos when
// there is none.
size_t secret_value(std::string_view line) {
  size_t first = login_text(line);
  const std::string low = ascii_lower(line);
  for (const std::string_view key : kSecretKeys) {
    for (size_t at = low.find(key); at != std::string::npos; at = low.find(key, at + 1)) {
      size_t behind = at + key.size();
      if ((at > 0 && is_word(low[at - 1])) || (behind < low.size() && is_word(low[behind]))) {
        continue;
      }
      behind = std::min(low.find_first_not_of("\"' \t", behind), low.size());
      if (behind < low.size() && low[behind] == ':') {
        first = std::min(first, behind + 1);
      }
    }
  }
  return first;
}

size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t-"), line.size());
}

// True when a line above that this one hangs on has a secret key: a block text, or the entries of
// `headers`.
bool is_below_secret(std::string_view text, Line line) {
  size_t indent = indent_of(text.substr(line.begin, line.end - line.begin));
  size_t begin = line.begin;
  while (begin > 0 && indent > 0) {
    const size_t end = begin - 1;
    const size_t before = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
    begin = before == std::string_view::npos ? 0 : before + 1;
    const std::string_view above = text.substr(begin, end - begin);
    const size_t above_indent = indent_of(above);
    if (above_indent >= above.size() || above_indent >= indent) {
      continue;
    }
    if (secret_value(above) != std::string_view::npos) {
      return true;
    }
    indent = above_indent;
  }
  return false;
}

// Bytes of the character at the start of `text`; 1 for an invalid one.
size_t character_size(std::string_view text) {
  for (size_t size = 1; size <= std::min<size_t>(4, text.size()); ++size) {
    if (is_valid_utf8(text.substr(0, size))) {
      return size;
    }
  }
  return 1;
}

// The characters of `line` that fit whole into `most` bytes.
std::string printable(std::string_view line, size_t most) {
  std::string safe;
  for (size_t at = 0; at < line.size();) {
    const size_t size = character_size(line.substr(at));
    const std::string_view character = line.substr(at, size);
    at += size;
    if (safe.size() + size > most) {
      break;
    }
    if (character == "\t") {
      safe += ' ';
    } else if (character == "\\" || escape_for_display(character) == character) {
      safe += character;
    } else {
      safe += '?';
    }
  }
  return safe;
}

}  // namespace

std::string safe_line(std::string_view text, int line) {
  const Line found = find_line(text, line);
  // A line may have megabytes; a secret that begins behind what is shown does not matter.
  const std::string_view raw =
      text.substr(found.begin, std::min(found.end - found.begin, 2 * kExcerptBytesMax));
  size_t value = secret_value(raw);
  if (value == std::string_view::npos && is_below_secret(text, found)) {
    const size_t colon = raw.find(':');
    value = colon == std::string_view::npos ? indent_of(raw) : colon + 1;
  }
  const bool is_masked =
      value < raw.size() && raw.find_first_not_of(" \t{[", value) != std::string_view::npos;
  // Some room for the mask.
  std::string safe = printable(
      raw.substr(0, value), is_masked ? kExcerptBytesMax - kHidden.size() - 1 : kExcerptBytesMax);
  if (is_masked) {
    safe += safe.ends_with(' ') || safe.empty() ? "" : " ";
    safe += kHidden;
  }
  return safe;
}

int character_column(std::string_view text, int line, int column) {
  const Line found = find_line(text, line);
  const std::string_view raw = text.substr(found.begin, found.end - found.begin);
  const size_t bytes = std::min(static_cast<size_t>(std::max(column, 1)) - 1, raw.size());
  return static_cast<int>(character_count(raw.substr(0, bytes))) + 1;
}

size_t character_count(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); at += character_size(text.substr(at))) {
    ++count;
  }
  return count;
}

}  // namespace tocsin
