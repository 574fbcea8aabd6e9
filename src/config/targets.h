// From what is written of target, host, port, preset and for_each to the monitors that it means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/draft.h"

namespace tocsin {

// Why nobody may ever connect there, not even by the operator's files: a monitor of it would be
// unknown for ever. Nothing: it may be reached, or it is a name.
std::optional<std::string> never_reached(const Target& target);

// One monitor, or one for each item of for_each; fewer when a mistake has been told.
std::vector<Monitor> expand(Reader& reader, const Draft& draft);

}  // namespace tocsin
