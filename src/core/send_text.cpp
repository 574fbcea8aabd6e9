#include "core/send_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"

namespace tocsin {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr size_t kShownBytesMax = 60;

// Up to the next {{ that begins a capture, or to the end; \{ has become \x7B.
struct Literal {
  std::string written;
  size_t size = 0;
};
Literal next_literal(std::string_view text) {
  Literal literal;
  while (literal.size < text.size() && !text.substr(literal.size).starts_with(kOpen)) {
    const std::string_view rest = text.substr(literal.size);
    const size_t taken = rest.front() == '\\' && rest.size() > 1 ? 2 : 1;
    literal.written += rest.starts_with("\\{") ? std::string_view("\\x7B") : rest.substr(0, taken);
    literal.size += taken;
  }
  return literal;
}

}  // namespace

bool is_group_name(std::string_view name) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= kGroupNameBytesMax &&
         std::ranges::all_of(name, is_allowed);
}

Result<void> add_send_text(std::string_view text, SendStep& step) {
  while (!text.empty()) {
    const Literal literal = next_literal(text);
    const Result<std::string> bytes = unescape(literal.written);
    if (!bytes) {
      return std::unexpected(bytes.error());
    }
    step.bytes += *bytes;
    text.remove_prefix(literal.size);
    if (text.empty()) {
      break;
    }
    const size_t end = text.find(kClose);
    if (end == std::string_view::npos) {
      return fail(ErrorKind::invalid_input, "{{ has no closing }}; write \\{{ for a plain {{");
    }
    const std::string_view name = text.substr(kOpen.size(), end - kOpen.size());
    if (!is_group_name(name)) {
      return fail(
          ErrorKind::invalid_input,
          fmt::format("\"{}\" between {{{{ and }}}} is not the name or number of a group; write "
                      "\\{{{{ for a plain {{{{",
                      escape_for_display(name, kShownBytesMax)));
    }
    step.captures.push_back({.at = step.bytes.size(), .group = std::string(name)});
    text.remove_prefix(end + kClose.size());
  }
  return {};
}

std::string send_text(const SendStep& step) {
  std::string text;
  size_t written = 0;
  // A { begins something before another, and at the end of what a capture follows.
  const auto add_literal = [&](size_t end, bool before_capture) {
    const std::string literal =
        escape_for_display(std::string_view(step.bytes).substr(written, end - written));
    for (size_t i = 0; i < literal.size(); ++i) {
      const bool is_last = i + 1 == literal.size();
      if (literal[i] == '{' && (is_last ? before_capture : literal[i + 1] == '{')) {
        text += '\\';
      }
      text += literal[i];
    }
    written = end;
  };
  for (const CaptureUse& use : step.captures) {
    add_literal(std::clamp(use.at, written, step.bytes.size()), true);
    text += fmt::format("{{{{{}}}}}", use.group);
  }
  add_literal(step.bytes.size(), false);
  return text;
}

}  // namespace tocsin
