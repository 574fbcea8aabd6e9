// The data directory as `serve` finds it: we make it for ourselves alone, but one that was there
// may be open to others, who could put another history in place of ours.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace tocsin {

// The mode, as "0777", of a directory that its group or anybody may write; nothing when only its
// owner may, or when it cannot be seen.
std::optional<std::string> mode_open_to_others(const std::filesystem::path& dir);

}  // namespace tocsin
