// Retries are counted apart from the one try that an unknown verdict grants, so that our own
// trouble never uses up the user's.
//
// Worked example: exponential, base 5 s, max 3, total 60 s, timeout 10 s, always refused at once.
//
//   00:00  attempt 1 fails  -> retry 1 waits 5 s
//   00:05  attempt 2 fails  -> retry 2 waits 25 s (00:30, it could end at 00:40)
//   00:30  attempt 3 fails  -> retry 3 would wait 125 s: 02:35 is beyond 01:00, it is not started
//   00:30  the run is final: failed, 3 attempts
//   with total 165 s retry 3 is started: it could end at 02:45, and an exact fit is inside
#include "core/retry.h"

#include <algorithm>

#include "base/limits.h"

namespace tocsin {
namespace {

constexpr Duration kTooLong = kRetryTotalMax + 1s;
constexpr uint32_t kAttemptsMax = kRetriesMax + 1;  // a result id has room for 11 (base/ids.h)

uint32_t retries_of(const RetryPolicy& policy) {
  switch (policy.strategy) {
    case RetryStrategy::none:
      return 0;
    case RetryStrategy::single:
      return 1;
    case RetryStrategy::fixed:
    case RetryStrategy::linear:
    case RetryStrategy::exponential:
      break;
  }
  return std::min(policy.max, kRetriesMax);
}

// base ^ n in seconds, as Checkly has it: 5 s -> 5, 25, 125. A base up to one second would stand
// still or shrink, so it stays as it is. Capped at every step, so the product cannot overflow.
Duration power_wait(Duration base, uint32_t number) {
  if (base <= 1s) {
    return base;
  }
  Duration wait = base;
  for (uint32_t i = 1; i < number && wait < kTooLong; ++i) {
    wait = Duration(wait.count() * std::min(base, kTooLong).count() / Duration(1s).count());
  }
  return wait;
}

}  // namespace

Duration retry_wait(const RetryPolicy& policy, uint32_t number) {
  const Duration base = std::clamp(policy.base, Duration(0), kTooLong);
  Duration wait = base;
  if (policy.strategy == RetryStrategy::linear) {
    wait = base * int64_t{number};
  } else if (policy.strategy == RetryStrategy::exponential) {
    wait = power_wait(base, number);
  }
  return std::min(wait, kTooLong);
}

Duration attempt_length_max(const Monitor& monitor) {
  const bool is_of_many = monitor.ip_family == IpFamily::all && !monitor.proxy &&
                          !monitor.target.is_unix() && !monitor.target.literal();
  return monitor.timeout * (is_of_many ? int64_t{kTriedAddressesMax} : 1);
}

Duration attempt_length(const Monitor& monitor, size_t addresses) {
  return monitor.timeout * static_cast<int64_t>(std::max<size_t>(1, addresses));
}

std::optional<SteadyTime> next_attempt(const RetryPolicy& policy, Duration attempt_length,
                                       const RunSoFar& so_far) {
  if (so_far.attempts >= kAttemptsMax) {
    return std::nullopt;
  }
  if (so_far.last_verdict == Verdict::unknown) {
    return so_far.unknown_retries == 0 ? std::optional(so_far.last_ended) : std::nullopt;
  }
  if (so_far.last_verdict != Verdict::failed) {
    return std::nullopt;
  }
  const uint32_t not_retries = 1U + so_far.unknown_retries;
  const uint32_t done = so_far.attempts > not_retries ? so_far.attempts - not_retries : 0;
  if (done >= retries_of(policy)) {
    return std::nullopt;
  }
  if (policy.only_network &&
      (!so_far.last_error || error_info(*so_far.last_error).side != ErrorSide::network)) {
    return std::nullopt;
  }
  const SteadyTime start = so_far.last_ended + retry_wait(policy, done + 1);
  const Duration total = std::min(policy.total, kRetryTotalMax);
  return start + attempt_length <= so_far.started + total ? std::optional(start) : std::nullopt;
}

Duration retry_total_max(const RetryPolicy& policy, Duration attempt_length) {
  Duration sum{};
  for (uint32_t number = 1; number <= retries_of(policy); ++number) {
    sum += retry_wait(policy, number) + attempt_length;
  }
  return std::min({sum, policy.total, kRetryTotalMax});
}

Duration run_length_max(const RetryPolicy& policy, Duration attempt_length) {
  return attempt_length + retry_total_max(policy, attempt_length) + attempt_length;
}

}  // namespace tocsin
