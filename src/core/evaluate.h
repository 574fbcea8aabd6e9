// evaluate: from facts to a verdict. The one place that knows expect, should_fail, the limits and
// the order in which they count.
#pragma once

#include "model/monitor.h"
#include "model/verdict.h"

namespace tocsin {

// Order: our own trouble -> unknown; expect closed/unreachable; should_fail (seed 000: a dns,
// connect or tls failure passes, its error kept; after success only assertions count, limits do
// not); the attempt's own error -> failed; assertions -> failed (assertion_failed); fail_after ->
// failed (too_slow); degraded_after -> degraded; else passed. Limits: strictly greater counts. A
// timeout while our own loop was late by more than kLateTolerance is unknown (overloaded).
Evaluation evaluate(const Monitor& monitor, const ProbeResult& result);

// Plain sentence for a person: what happened, with the numbers. "Nothing is listening on port 6379:
// the host answered with a reset."
std::string explain_error(const ProbeError& error, const Monitor& monitor,
                          const ProbeResult& result);

}  // namespace tocsin
