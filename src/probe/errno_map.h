// From errno to the error a probe reports: the one place that knows which trouble is the target's
// and which is ours.
#pragma once

#include <optional>

#include "base/address.h"
#include "base/error_code.h"
#include "ports/probe_io.h"

namespace tocsin {

// Why a connect to `to` failed. `icmp` is what a router said, when one did.
ProbeError connect_error(int error, const SocketAddress& to,
                         const std::optional<IcmpNotice>& icmp = std::nullopt);
// Why an open connection broke in `phase`.
ProbeError stream_error(int error, Phase phase);

}  // namespace tocsin
