// The channels that files may name beside their own: those made over the API.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "log.h"

namespace tocsin {

// None when the store in `data` cannot be read: the log says why, and opening it will too.
std::set<std::string> known_channels(const std::filesystem::path& data, const Log& log);

}  // namespace tocsin
