#include "notify/backoff.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/limits.h"

namespace tocsin {
namespace {

// Wait after so many failed attempts. A short outage costs seconds, a long one no flood. Counted,
// not measured: a clock that leaps, or a machine that sleeps over a weekend, takes no attempt away.
constexpr std::array<Duration, kDeliveryAttemptsMax> kWaits = {
    0s, 5s, 30s, 2min, 5min, 15min, 1h, 3h, 6h, 12h, 12h, 12h, 12h, 12h, 2h};
constexpr Duration kSpan = std::accumulate(kWaits.begin(), kWaits.end(), Duration(0));
static_assert(kSpan >= kDeliveryHorizon && kSpan < kDeliveryHorizon + 1h);

// So that many receivers of one dead host do not come back at one instant.
constexpr int64_t kJitterPermille = 200;

Duration with_jitter(Duration wait, uint64_t chance) {
  const int64_t permille =
      1000 - kJitterPermille + static_cast<int64_t>(chance % (2 * kJitterPermille + 1));
  return wait * permille / 1000;
}

}  // namespace

std::optional<SystemTime> next_delivery_attempt(uint32_t failed,
                                                std::optional<Duration> retry_after, SystemTime now,
                                                uint64_t chance) {
  if (failed >= kDeliveryAttemptsMax) {
    return std::nullopt;
  }
  Duration wait = with_jitter(kWaits[failed], chance);
  if (retry_after) {
    wait = std::max(wait, std::min<Duration>(*retry_after, kRetryAfterMax));
  }
  return now + wait;
}

Duration longest_delivery_wait(uint32_t failed) {
  if (failed == 0) {
    return Duration(0);
  }
  const Duration wait = kWaits[std::min<size_t>(failed, kWaits.size() - 1)];
  return std::max<Duration>(with_jitter(wait, 2 * kJitterPermille), kRetryAfterMax);
}

}  // namespace tocsin
