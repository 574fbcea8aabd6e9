// Who wrote a definition or asks for a probe. What may be connected to follows from it
// (ports/reach.h), so it is kept with every monitor.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin {

// The operator's own files, the CLI and the local socket of this machine; an admin over the API; an
// editor over the API. On disk by name.
enum class ReachRole : uint8_t { operator_files, admin_api, editor_api };

std::string_view reach_role_name(ReachRole role);
std::optional<ReachRole> reach_role_from_name(std::string_view name);

}  // namespace tocsin
