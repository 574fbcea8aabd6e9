// Behind a reverse proxy every request comes from the proxy; whom limits count is then the client
// that it names in X-Forwarded-For. That header is believed of the proxies in
// `server.trusted_proxies` alone: whoever else sends it could be anybody. Pure.
#pragma once

#include <span>

#include "api/message.h"
#include "ports/reach.h"

namespace tocsin {

// The address the request is counted for: of the peer and of what proxies wrote down behind it
// (each at the end of the list), the last that is no trusted proxy. What is no address ends the
// search, and so does the list: the address before it counts. The port is of the peer alone.
//
//   peer 127.0.0.1, trusted 127.0.0.0/8, "1.2.3.4, 198.51.100.7"  ->  198.51.100.7
SocketAddress client_address(const ApiRequest& request, std::span<const Cidr> trusted_proxies);

}  // namespace tocsin
