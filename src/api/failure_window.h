// FailureWindow: how often each of many keys failed within a time, and how long one that failed too
// often has to wait. Pure: `now` is an argument. Bounded: when too many keys are known, those that
// failed longest ago are forgotten.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace tocsin {

inline constexpr size_t kFailureKeysMax = 20'000;  // about 4 MiB

class FailureWindow {
 public:
  FailureWindow(size_t failures_max, Duration window, size_t keys_max = kFailureKeysMax)
      : failures_max_(failures_max), window_(window), keys_max_(keys_max) {}

  // How long until `key` may fail once more; nothing: now.
  std::optional<Duration> wait(const std::string& key, SteadyTime now);
  void add(const std::string& key, SteadyTime now);
  void take_back(const std::string& key);  // the newest failure was none
  void forget(const std::string& key);
  void forget_if(const std::function<bool(const std::string& key)>& is_over);
  [[nodiscard]] size_t keys() const { return failures_.size(); }

 private:
  void make_room(SteadyTime now);

  size_t failures_max_;
  Duration window_;
  size_t keys_max_;
  std::map<std::string, std::vector<SteadyTime>> failures_;  // oldest first, never empty
};

}  // namespace tocsin
