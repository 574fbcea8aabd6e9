// From what is written of target, host, port, preset and for_each to the monitors that it means.
#pragma once

#include <vector>

#include "config/draft.h"

namespace tocsin {

// One monitor, or one for each item of for_each; fewer when a mistake has been told.
std::vector<Monitor> expand(Reader& reader, const Draft& draft);

}  // namespace tocsin
