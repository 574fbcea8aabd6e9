// Text as roff(7) takes it, for manual pages. Pure.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::cli {

// Nothing in it is an instruction: backslashes, dashes and a dot or quote at the start of a line
// stand for themselves.
std::string roff_text(std::string_view text);
// In bold.
std::string roff_bold(std::string_view text);
// `lines` as they are, not filled.
std::string roff_block(std::string_view lines);
// The first line of a page: name, section, what it belongs to. No date: the same program gives the
// same page.
std::string roff_title(std::string_view page, int section, std::string_view version);

}  // namespace tocsin::cli
