// A line of a configuration file as it may be shown: no control or deceptive characters, and
// nothing that stands behind a key whose value may be a secret. Works on the bare text, so it
// serves files that are too broken to parse as well.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin {

// Line `line` (from 1) of `text`, at most 200 bytes; one character for each character of the line.
// Values of secret, password, url, token, authorization and headers become ***, also when they
// stand in lines below their key; so do texts like user:password@host.
std::string safe_line(std::string_view text, int line);

// The column in characters of the byte column `column`, both from 1.
int character_column(std::string_view text, int line, int column);
size_t character_count(std::string_view text);

}  // namespace tocsin
