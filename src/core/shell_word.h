// A text as one word of a POSIX shell: people paste what they are shown.
#pragma once

#include <string>
#include <string_view>

namespace tocsin {

std::string shell_word(std::string_view text);

}  // namespace tocsin
