// Reasons and other texts of ours on a terminal. They quote foreign bytes already escaped ("\x1B"),
// so a backslash stays as it is; but an answer of the API may come from anybody, so what a terminal
// would obey is escaped here.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::cli {

// Cuts as escape_for_display does.
std::string shown_text(std::string_view text, size_t bytes_max);

}  // namespace tocsin::cli
