// The way of a probe as JSON: the proxy it went through, the addresses of a name, and where the
// name leads now.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "api/json_writer.h"
#include "model/result.h"

namespace tocsin {

void write_addresses(JsonWriter& json, std::string_view name,
                     const std::vector<IpAddress>& addresses);
// `moved`: {from, to}, or null.
void write_move(JsonWriter& json, const std::optional<AddressMove>& moved);
// `proxy`, `moved`, `addresses_probed`, `addresses_left_out` and
// `failed_addresses` of one result.
void write_way(JsonWriter& json, const ProbeResult& result);

}  // namespace tocsin
