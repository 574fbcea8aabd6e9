#include "cli/style.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace tocsin::cli {
namespace {

bool is_set(const Environment& environment, const char* name) {
  const std::optional<std::string> value = environment(name);
  return value.has_value() && !value->empty();
}

bool is_forced(const Environment& environment, const char* name) {
  const std::optional<std::string> value = environment(name);
  return value.has_value() && !value->empty() && *value != "0";
}

bool decide_color(bool is_terminal, bool no_color_flag, const Environment& environment) {
  if (no_color_flag || is_set(environment, "NO_COLOR")) {
    return false;
  }
  if (is_forced(environment, "FORCE_COLOR") || is_forced(environment, "CLICOLOR_FORCE")) {
    return true;
  }
  return is_terminal && environment("TERM").value_or("") != "dumb";
}

// The first of the three that is set decides, as setlocale(3) has it.
bool is_utf8_locale(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = environment(name).value_or("");
    if (!value.empty()) {
      return value.find("UTF-8") != std::string::npos || value.find("utf8") != std::string::npos ||
             value.find("utf-8") != std::string::npos;
    }
  }
  return false;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kAscii = {{
    {"✓", "ok"},
    {"▲", "!"},
    {"✕", "FAIL"},
    {"µ", "u"},
    {"…", "..."},
    {"·", "-"},
    {"→", "->"},
    {"±", "+-"},
}};

}  // namespace

Style decide_style(bool is_terminal, bool no_color_flag, const Environment& environment) {
  return Style{.color = decide_color(is_terminal, no_color_flag, environment),
               .utf8 = is_utf8_locale(environment)};
}

std::string paint(const Style& style, Tone tone, std::string_view text) {
  if (!style.color || text.empty()) {
    return std::string(text);
  }
  constexpr std::array<int, 5> kCodes = {32, 33, 31, 2, 1};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes.at(static_cast<size_t>(tone)), text);
}

std::string fit_charset(const Style& style, std::string_view text) {
  std::string fitted(text);
  if (style.utf8) {
    return fitted;
  }
  for (const auto& [sign, ascii] : kAscii) {
    for (size_t at = fitted.find(sign); at != std::string::npos;
         at = fitted.find(sign, at + ascii.size())) {
      fitted.replace(at, sign.size(), ascii);
    }
  }
  return fitted;
}

size_t display_width(std::string_view text) {
  size_t width = 0;
  for (const char byte : text) {
    width += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1U : 0U;
  }
  return width;
}

std::string pad_right(std::string_view text, size_t width) {
  std::string padded(text);
  const size_t have = display_width(text);
  if (have < width) {
    padded.append(width - have, ' ');
  }
  return padded;
}

}  // namespace tocsin::cli
