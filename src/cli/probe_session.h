// ProbeSession runs the probes of one `tocsin probe`: the real probe engine and resolver on a loop
// of this process, all targets side by side.
#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "cli/probe_options.h"
#include "model/verdict.h"

namespace tocsin::cli {

struct ProbeSessionEnd {
  bool interrupted = false;  // SIGINT or SIGTERM came first
};

// Calls `report` for each attempt as it ends, with the index of its target; returns when all are
// done or a signal came. A target's next probe starts `interval` after its last one started, but
// not before that one has ended. Errors: io (no descriptors, no resolver).
Result<ProbeSessionEnd> run_probe_session(
    const ProbeOptions& options, const std::function<void(size_t target, const Attempt&)>& report);

}  // namespace tocsin::cli
