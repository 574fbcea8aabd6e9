// The address of a resolver as people write it: ADDRESS or ADDRESS:PORT.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"

namespace tocsin {

inline constexpr uint16_t kDnsPort = 53;

// Nothing when it is not an address, or a unix path: a resolver that had a name would have to be
// looked up itself.
std::optional<SocketAddress> parse_dns_server(std::string_view text);
// "127.0.0.1:53, [::1]:53", for messages.
std::string dns_servers_text(const std::vector<SocketAddress>& servers);

}  // namespace tocsin
