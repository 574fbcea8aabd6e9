// The definitions that people send to the API and get back, as the schemas of its document: the
// same field table as YAML, with the differences of the API (no references, patches with null,
// hidden bytes).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace tocsin {

// By name: MonitorDefinition, MonitorPatch, MonitorConfig (as shown), ChannelDefinition,
// ChannelPatch and their parts. `parts`: "#/components/schemas/".
nlohmann::ordered_json definition_schemas(std::string_view parts);

}  // namespace tocsin
