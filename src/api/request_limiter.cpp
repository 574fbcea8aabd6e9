#include "api/request_limiter.h"

#include <algorithm>

namespace tocsin {

RequestLimiter::RequestLimiter(RequestRate rate, size_t keys_max)
    : rate_(rate), each_(Duration(1s) / std::max(rate.per_second, 1U)), keys_max_(keys_max) {}

RequestLimiter::Answer RequestLimiter::take(const std::string& key, SteadyTime now) {
  const auto found = full_at_.find(key);
  const SteadyTime full_at = found == full_at_.end() ? now : std::max(found->second, now);
  // What is missing in the bucket, in time.
  const Duration owed = full_at - now;
  const Duration room = each_ * rate_.burst;
  if (owed + each_ > room) {
    ++refused_;
    return {.left = 0, .wait = owed + each_ - room, .until_full = owed};
  }
  const SteadyTime later = full_at + each_;
  if (found != full_at_.end()) {
    order_.erase({found->second, key});
    found->second = later;
  } else {
    make_room(now);
    full_at_.emplace(key, later);
  }
  order_.emplace(later, key);
  return {.left = static_cast<uint32_t>((room - owed - each_) / each_),
          .wait = Duration(),
          .until_full = owed + each_};
}

void RequestLimiter::make_room(SteadyTime now) {
  while (!order_.empty() && (order_.begin()->first <= now || full_at_.size() >= keys_max_)) {
    full_at_.erase(order_.begin()->second);
    order_.erase(order_.begin());
  }
}

}  // namespace tocsin
