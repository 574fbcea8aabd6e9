// docs/config.md: the reference of the configuration, made from the tables that drive the reader,
// so that page and program cannot disagree. Only the introductions are written by hand.
#pragma once

#include <string>

namespace tocsin {

std::string reference_page();  // Markdown

}  // namespace tocsin
