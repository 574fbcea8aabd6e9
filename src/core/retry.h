// When the next attempt of a run starts, if any.
#pragma once

#include <optional>

#include "base/time.h"
#include "model/monitor.h"
#include "model/result.h"
#include "model/verdict.h"

namespace tocsin {

// What a run has done so far.
struct RunSoFar {
  SteadyTime started;     // start of the first attempt
  SteadyTime last_ended;  // end of the last one
  uint8_t attempts = 1;
  Verdict last_verdict = Verdict::failed;
  std::optional<ErrorCode> last_error;
  uint8_t unknown_retries = 0;  // tries granted because the verdict was unknown
};

// The longest that an attempt may take. With ip_family all each address of the name has a timeout
// of its own: as many as may be probed, or as are known (0: one).
Duration attempt_length_max(const Monitor& monitor);
Duration attempt_length(const Monitor& monitor, size_t addresses);

// Time of the next attempt, or nothing when the run is final. Only `failed` is retried by the
// policy; `unknown` is tried again at most once, at once. Waits grow as the policy says and are
// measured from the end of the last attempt; an attempt that could not end (wait + attempt_length)
// within `policy.total` of the start is not started. A pass of should_fail is never retried.
std::optional<SteadyTime> next_attempt(const RetryPolicy& policy, Duration attempt_length,
                                       const RunSoFar& so_far);

// The wait before retry number 1, 2, ... of the policy, never above kRetryTotalMax + 1 s (which no
// run can afford).
Duration retry_wait(const RetryPolicy& policy, uint32_t number);

// The longest the retries of a run may add to its first attempt: waits and lengths of all of them,
// never above policy.total; 0 without retries. The "retry total" of the combine deadline
// (core/combine.h).
Duration retry_total_max(const RetryPolicy& policy, Duration attempt_length);

// The longest a run may take: first attempt, waits, retries, and the one try that an unknown
// verdict grants.
Duration run_length_max(const RetryPolicy& policy, Duration attempt_length);

}  // namespace tocsin
