// Watchdog: tells the supervisor again and again that the loop turns (sd_watchdog_enabled(3)). What
// is told is said by the loop itself: one that hangs says nothing, and is restarted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/time.h"

namespace tocsin {

// How long the supervisor waits for a sign, from $WATCHDOG_USEC; nothing when it waits for none, or
// for another process ($WATCHDOG_PID).
std::optional<Duration> watchdog_limit(const std::optional<std::string>& usec,
                                       const std::optional<std::string>& pid, int64_t own_pid);

class Watchdog {
 public:
  using Post = std::function<void(std::function<void()>)>;

  // Every third of `limit` has `post` run `sign` on the loop; while one sign waits there no other
  // is posted. `post` is called from a thread of this object's own. Both outlive this object, and
  // what was posted may run after it.
  Watchdog(Duration limit, Post post, std::function<void()> sign);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  void work(const std::stop_token& stop);

  Duration limit_;
  Post post_;
  std::function<void()> sign_;
  // Shared with the sign that waits on the loop, which may outlive us.
  std::shared_ptr<std::atomic<bool>> waits_ = std::make_shared<std::atomic<bool>>(false);
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // last: it uses all above
};

}  // namespace tocsin
