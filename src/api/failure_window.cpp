#include "api/failure_window.h"

#include <algorithm>

namespace tocsin {

std::optional<Duration> FailureWindow::wait(const std::string& key, SteadyTime now) {
  const auto found = failures_.find(key);
  if (found == failures_.end()) {
    return std::nullopt;
  }
  std::vector<SteadyTime>& times = found->second;
  std::erase_if(times, [&](SteadyTime at) { return now - at >= window_; });
  if (times.empty()) {
    failures_.erase(found);
    return std::nullopt;
  }
  if (times.size() < failures_max_) {
    return std::nullopt;
  }
  return times[times.size() - failures_max_] + window_ - now;
}

void FailureWindow::add(const std::string& key, SteadyTime now) {
  if (failures_.size() >= keys_max_ && !failures_.contains(key)) {
    make_room(now);
  }
  failures_[key].push_back(now);
}

void FailureWindow::take_back(const std::string& key) {
  const auto found = failures_.find(key);
  if (found == failures_.end()) {
    return;
  }
  found->second.pop_back();
  if (found->second.empty()) {
    failures_.erase(found);
  }
}

void FailureWindow::forget(const std::string& key) { failures_.erase(key); }

// Half of the keys at once, so that a flood of new ones does not pay for this at each.
void FailureWindow::forget_if(const std::function<bool(const std::string& key)>& is_over) {
  std::erase_if(failures_, [&](const auto& entry) { return is_over(entry.first); });
}

void FailureWindow::make_room(SteadyTime now) {
  std::erase_if(failures_, [&](const auto& one) { return now - one.second.back() >= window_; });
  if (failures_.size() < keys_max_) {
    return;
  }
  std::vector<SteadyTime> newest;
  newest.reserve(failures_.size());
  for (const auto& [key, times] : failures_) {
    newest.push_back(times.back());
  }
  const auto middle = newest.begin() + static_cast<std::ptrdiff_t>(newest.size() / 2);
  std::ranges::nth_element(newest, middle);
  std::erase_if(failures_,
                [middle = *middle](const auto& one) { return one.second.back() <= middle; });
}

}  // namespace tocsin
