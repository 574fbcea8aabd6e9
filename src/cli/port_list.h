// The ports of one `tocsin sweep`: "22,80,8000-8100" or "known", those of the presets.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::cli {

// Ascending, each once; not empty. Errors name the part that is wrong.
Result<std::vector<uint16_t>> read_port_list(std::string_view text);

}  // namespace tocsin::cli
