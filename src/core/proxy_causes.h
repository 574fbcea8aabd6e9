// What may lie behind a failure on the way through a proxy: the proxy, the service behind it, or
// the way between the two. Guesses (core/causes.h).
#pragma once

#include <string>
#include <vector>

#include "model/monitor.h"
#include "model/result.h"

namespace tocsin {

// The proxy of the monitor failed, or could not open the way to the target.
bool is_of_tunnel(const ProbeError& error, const Monitor& monitor, const ProbeResult& result);

// Of such an error; at least one.
std::vector<std::string> causes_of_tunnel(const ProbeError& error, const Monitor& monitor);

}  // namespace tocsin
