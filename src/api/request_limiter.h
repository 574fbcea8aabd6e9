// RequestLimiter: how many requests each credential may make, so that one busy script leaves room
// for everybody else. A token bucket a key: `burst` at once, `per_second` in the long run. Pure:
// `now` is an argument. Bounded: a key whose bucket is full again is as good as unknown, and when
// too many are known those nearest to it are forgotten.
//
//   burst 200, 50 a second: 200 at once pass, the next waits 20 ms; after 4 s it is 200 again
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/time.h"
#include "model/config.h"

namespace tocsin {

inline constexpr size_t kRequestKeysMax = 20'000;  // about 4 MiB

class RequestLimiter {
 public:
  explicit RequestLimiter(RequestRate rate, size_t keys_max = kRequestKeysMax);

  struct Answer {
    uint32_t left = 0;  // requests that may follow at once
    Duration wait{};    // zero: this one may go; else when the next may
    Duration until_full{};
    [[nodiscard]] bool is_refused() const { return wait > Duration(); }
  };
  // Counts one request of `key`, unless it is refused.
  Answer take(const std::string& key, SteadyTime now);

  [[nodiscard]] uint32_t burst() const { return rate_.burst; }
  [[nodiscard]] uint64_t refused() const { return refused_; }
  [[nodiscard]] size_t keys() const { return full_at_.size(); }

 private:
  void make_room(SteadyTime now);

  RequestRate rate_;
  Duration each_;  // how long a bucket takes to win one request back
  size_t keys_max_;
  uint64_t refused_ = 0;
  // When each bucket is full again; what is not in it is full.
  std::unordered_map<std::string, SteadyTime> full_at_;
  std::set<std::pair<SteadyTime, std::string>> order_;
};

}  // namespace tocsin
