// Text that came from outside (names, answers of receivers, error details) made fit for a line that
// a person reads: valid UTF-8, no control characters, no bidi controls, bounded. Markup of a
// channel (HTML, JSON) is escaped by that channel.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tocsin {

// The first `bytes_max` bytes or fewer, never ending inside a character; "…" marks a cut and is
// counted.
std::string cut_text(std::string_view text, size_t bytes_max);

// One line of at most `bytes_max` bytes. What could deceive becomes an escape like \r; a backslash
// stays as it is, so that text which was escaped before is not escaped twice.
std::string shown_line(std::string_view text, size_t bytes_max);

// "2026-11-21 14:03:20 UTC", to the second.
std::string utc_text(SystemTime at);

}  // namespace tocsin
