// Style: whether one output stream takes colour and letters beyond ASCII. Decided once per stream
// from the terminal and the environment, as users of other tools expect: --no-color, NO_COLOR,
// FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::cli {

using Environment = std::function<std::optional<std::string>(const std::string&)>;

struct Style {
  bool color = false;
  bool utf8 = true;
};

Style decide_style(bool is_terminal, bool no_color_flag, const Environment& environment);

enum class Tone { good, warning, bad, dim, strong };
// `text` in that tone; unchanged where colour is off.
std::string paint(const Style& style, Tone tone, std::string_view text);

// The few signs that our own texts use beyond ASCII (µ, ·, marks, …) written in ASCII where the
// locale is not UTF-8.
std::string fit_charset(const Style& style, std::string_view text);

// Terminal columns of UTF-8 text without control characters: bytes that begin a character.
size_t display_width(std::string_view text);
std::string pad_right(std::string_view text, size_t width);

}  // namespace tocsin::cli
