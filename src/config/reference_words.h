// The parts of the reference page that come from enumerations and not from field tables: the
// grammar of assertions, the presets, and what this version cannot do.
#pragma once

#include <string>

namespace tocsin {

std::string source_table();  // each source with the comparisons that fit it
std::string comparison_table();
std::string preset_table();
std::string unavailable_list();

}  // namespace tocsin
