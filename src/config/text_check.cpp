#include "config/text_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"

namespace tocsin {
namespace {

// yaml-cpp keeps the tokens of a whole [ ] or { } in memory, about 270 bytes each, before it tells
// the first one. In one file; far above what 100,000 monitors need.
constexpr size_t kFlowMarksMax = 1'000'000;

TextMark mark_at(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const size_t line_begin =
      before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return {static_cast<int>(std::ranges::count(before, '\n')) + 1,
          static_cast<int>(offset - line_begin) + 1};
}

size_t offset_of(std::string_view text, TextMark mark) {
  size_t begin = 0;
  for (int i = 1; i < mark.line; ++i) {
    const size_t next = text.find('\n', begin);
    if (next == std::string_view::npos) {
      return text.size();
    }
    begin = next + 1;
  }
  return std::min(begin + static_cast<size_t>(mark.column) - 1, text.size());
}

// Offset of the first byte that is no UTF-8; the text is known to have one.
size_t first_invalid(std::string_view text) {
  size_t valid = 0;
  size_t invalid = text.size();
  // Half by half: a prefix is valid up to a character cut at its end, so each step looks at whole
  // characters only.
  while (valid < invalid) {
    size_t middle = valid + (invalid - valid) / 2;
    while (middle > valid && (static_cast<unsigned char>(text[middle]) & 0xC0U) == 0x80U) {
      --middle;
    }
    if (middle == valid) {
      break;
    }
    if (is_valid_utf8(text.substr(valid, middle - valid))) {
      valid = middle;
    } else {
      invalid = middle;
    }
  }
  size_t at = valid;
  while (at < text.size()) {
    size_t size = 1;
    while (size <= 4 && !is_valid_utf8(text.substr(at, size))) {
      ++size;
    }
    if (size > 4) {
      return at;
    }
    at += size;
  }
  return at;
}

bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

}  // namespace

std::optional<TextFault> find_text_fault(std::string_view text) {
  if (text.size() > kConfigBytesMax) {
    return TextFault{{1, 1},
                     fmt::format("the file has {} bytes; at most {} MiB are read", text.size(),
                                 kConfigBytesMax / 1_MiB),
                     "split it into several files of one folder"};
  }
  if (!is_valid_utf8(text)) {
    const size_t at = first_invalid(text);
    return TextFault{mark_at(text, at),
                     fmt::format("byte 0x{:02X} is not valid UTF-8",
                                 static_cast<unsigned char>(text[std::min(at, text.size() - 1)])),
                     "save the file as UTF-8; write other bytes as escapes or hex"};
  }
  if (const auto found = std::ranges::find_if(text, is_forbidden); found != text.end()) {
    return TextFault{mark_at(text, static_cast<size_t>(found - text.begin())),
                     fmt::format("control character 0x{:02X}", static_cast<unsigned char>(*found)),
                     "write it as an escape, for example \"\\x00\""};
  }
  const auto is_flow_mark = [](char c) { return c == '[' || c == '{' || c == ','; };
  if (static_cast<size_t>(std::ranges::count_if(text, is_flow_mark)) > kFlowMarksMax) {
    return TextFault{{1, 1},
                     fmt::format("the file has more than {} of [ {{ and ,", kFlowMarksMax),
                     "split it into several files, or write lists and maps as lines"};
  }
  return std::nullopt;
}

TextMark clamp_to_text(std::string_view text, TextMark mark) {
  while (text.ends_with('\n') || text.ends_with('\r') || text.ends_with(' ')) {
    text.remove_suffix(1);
  }
  const TextMark end = mark_at(text, text.size());
  return std::min(mark, end);
}

bool closes_quote(std::string_view text, TextMark quote) {
  size_t at = offset_of(text, quote);
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) {
    return true;
  }
  const char kind = text[at];
  for (++at; at < text.size(); ++at) {
    if (kind == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == kind) {
      if (kind == '"' || at + 1 == text.size() || text[at + 1] != kind) {
        return true;
      }
      ++at;
    }
  }
  return false;
}

std::string_view line_of(std::string_view text, int line) {
  const size_t begin = offset_of(text, {line, 1});
  return text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
}

}  // namespace tocsin
