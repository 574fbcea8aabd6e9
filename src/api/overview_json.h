// Counts of monitors as the API shows them. Pure.
#pragma once

#include <map>
#include <string>

#include "engine/overview.h"

namespace tocsin {

std::string summary_body(const Overview& overview);
// By name; of more than kNamesMax the first.
std::string counts_body(const std::map<std::string, StatusCounts>& counts);

inline constexpr size_t kNamesMax = 10'000;

}  // namespace tocsin
