// The one thing of a DNS message that c-ares does not read for us: for how long a negative answer
// holds (RFC 2308 section 5).
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace tocsin {

// The smaller of the TTL and the MINIMUM field of the SOA in the authority section; nothing when
// the message has none or is cut.
std::optional<Duration> negative_ttl(std::string_view message);

}  // namespace tocsin
