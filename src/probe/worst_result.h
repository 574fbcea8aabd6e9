// For ip_family `all`: every address of a name is probed, the worst decides, and response_time is
// that of the slowest.
#pragma once

#include <optional>

#include "model/monitor.h"
#include "model/result.h"

namespace tocsin {

// What counts of the worst so far, if any, and `next`. Worse is what evaluate calls worse: failed,
// unknown, degraded, passed; of equal ones the slower.
ProbeResult worse_of(const Monitor& monitor, std::optional<ProbeResult> worst, ProbeResult&& next);

}  // namespace tocsin
