// Bytes as text and back: escapes as people type them, hex, base64, and a form that is safe to
// show. Received bytes are never trusted: what is shown goes through escape_for_display.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin {

// Reads \r \n \t \0 \a \b \f \v \e \\ \" \' \xHH and leaves other bytes alone. An unknown escape or
// a half \x is invalid_input.
Result<std::string> unescape(std::string_view text);

// Printable ASCII and valid UTF-8 letters stay; control characters, invalid UTF-8, bidi controls,
// invisible characters and backslash become escapes that unescape reads back. Cuts after
// `bytes_max` input bytes, never inside a character, and then ends in "…".
std::string escape_for_display(std::string_view bytes, size_t bytes_max = SIZE_MAX);

std::string to_hex(std::string_view bytes);
// 0-15 of one hex digit of either case; -1: it is none.
int hex_value(char c);
// Pairs of hex digits; white space between pairs allowed.
Result<std::string> from_hex(std::string_view text);
std::string to_base64(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);  // standard alphabet, padding required

bool is_valid_utf8(std::string_view bytes);
// Each invalid byte becomes U+FFFD, so that JSON stays valid.
std::string to_valid_utf8(std::string_view bytes);

// Edit distance, for "did you mean"; a swap of neighbours is one edit; words over 64 bytes count as
// far apart.
size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace tocsin
