// Who packets of this machine are handed to first, as the kernel says (rtnetlink(7)). Sends nothing
// and needs no right.
#pragma once

#include <optional>

#include "ports/probe_io.h"

namespace tocsin {

// ProbeIo::first_router.
std::optional<FirstRouter> first_router(const SocketAddress& to,
                                        const std::optional<IpAddress>& source);

}  // namespace tocsin
