// ProbeSession runs the probes of one `tocsin probe` or `tocsin sweep`: the real probe engine and
// resolver on a loop of this process, all targets side by side.
#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "cli/probe_options.h"
#include "model/evidence.h"
#include "model/verdict.h"

namespace tocsin::cli {

struct ProbeSessionEnd {
  bool interrupted = false;  // SIGINT or SIGTERM came first
};

// Told of each attempt as it ends, with the index of its target, and of a failure that was looked
// into (nullptr: it was not) when that has ended, up to a second later. False: no more of them.
using ProbeReport = std::function<bool(size_t target, const Attempt&, const Evidence*)>;

// Returns when all are done, `report` wants no more or a signal came. A target's next probe starts
// `interval` after its last one started, but not before that one has ended. Errors: io (no
// descriptors, no resolver).
Result<ProbeSessionEnd> run_probe_session(const ProbeOptions& options, const ProbeReport& report);

}  // namespace tocsin::cli
