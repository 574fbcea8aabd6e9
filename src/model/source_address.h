// Which addresses a check may come from.
#pragma once

#include <optional>
#include <string_view>

#include "base/address.h"

namespace tocsin {

// Nothing when the text is no address that a machine can have for its own: none at all, a multicast
// one (RFC 5771, RFC 4291 2.7), the broadcast one.
std::optional<IpAddress> parse_source(std::string_view text);

}  // namespace tocsin
