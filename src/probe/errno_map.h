// From errno to the error a probe reports: the one place that knows which trouble is the target's
// and which is ours.
#pragma once

#include <optional>

#include "base/address.h"
#include "base/error_code.h"
#include "ports/probe_io.h"

namespace tocsin {

// What of our own a connect failed for want of, and whether that passes by waiting.
enum class Shortage : uint8_t {
  none,         // nothing of ours, or nothing that waiting changes
  machine,      // descriptors or memory: whatever is tried next fares alike
  destination,  // local ports for it, or leave of this machine's own rules
};
Shortage shortage_of(int error, const SocketAddress& to);

// Why a connect to `to` failed. `icmp` is what a router said, when one did.
ProbeError connect_error(int error, const SocketAddress& to,
                         const std::optional<IcmpNotice>& icmp = std::nullopt);
// The same when it was this machine itself that said no: its own rules, or a neighbour that is
// silent (ARP, NDP), which the kernel tells in the words of a router. The neighbour is the target,
// or the `router` towards it.
ProbeError own_word(const SocketAddress& to, const IcmpNotice& icmp,
                    const std::optional<FirstRouter>& router);
// The first router towards `to` is silent: nobody knows what is behind it.
ProbeError silent_router(const SocketAddress& to, const IpAddress& router);
// This machine knows no way to `to`: the errno of ProbeIo::route_error, or EAFNOSUPPORT.
ProbeError no_route(const SocketAddress& to, int error);
// Why an open connection broke in `phase`.
ProbeError stream_error(int error, Phase phase);

}  // namespace tocsin
