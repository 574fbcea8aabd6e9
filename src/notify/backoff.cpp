// When a delivery is tried again, see outbox.h.
#include <algorithm>
#include <array>

#include "base/limits.h"
#include "notify/outbox.h"

namespace tocsin {
namespace {

// Wait after so many failed attempts; the last row repeats. A short outage costs seconds, a long
// one no flood.
constexpr std::array<Duration, 10> kWaits = {0s, 5s, 30s, 2min, 5min, 15min, 1h, 3h, 6h, 12h};
constexpr int64_t kJitterPermille =
    200;  // so that many receivers of one dead host do not come back at one instant

Duration with_jitter(Duration wait, uint64_t chance) {
  const int64_t permille =
      1000 - kJitterPermille + static_cast<int64_t>(chance % (2 * kJitterPermille + 1));
  return wait * permille / 1000;
}

}  // namespace

std::optional<SystemTime> next_delivery_attempt(const Delivery& delivery,
                                                std::optional<Duration> retry_after, SystemTime now,
                                                uint64_t chance) {
  const SystemTime horizon = delivery.created + kDeliveryHorizon;
  if (delivery.attempts > 0 && now >= horizon) {
    return std::nullopt;
  }
  const size_t row = std::min<size_t>(delivery.attempts, kWaits.size() - 1);
  Duration wait = with_jitter(kWaits[row], chance);
  if (retry_after) {
    wait = std::max(wait, std::min<Duration>(*retry_after, kRetryAfterMax));
  }
  // The last attempt is at the horizon itself, else a receiver that comes back between the last two
  // would be missed by hours.
  return std::max(now, std::min(now + wait, horizon));
}

}  // namespace tocsin
