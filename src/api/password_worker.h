// PasswordWorker: runs password hashes off the API's thread, so that nobody waits for somebody
// else's sign-in. Two at once (each takes 19 MiB and a core) and few waiting: a flood of sign-ins
// costs bounded memory, and runs at low priority so that probes stay on time.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tocsin {

inline constexpr size_t kPasswordsAtOnce = 2;
inline constexpr size_t kPasswordsWaiting = 32;  // at 40 ms each the last one waits under a second

class PasswordWorker {
 public:
  PasswordWorker();
  ~PasswordWorker();
  PasswordWorker(const PasswordWorker&) = delete;
  PasswordWorker& operator=(const PasswordWorker&) = delete;

  // Runs `work` soon, on a thread of its own. False: as many wait as may, or it has stopped; `work`
  // is dropped. From any thread.
  bool offer(std::function<void()> work);
  // Finishes what is being done, drops what waits. From any thread but its own; twice is fine.
  void stop();

 private:
  void run(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any filled_;
  std::deque<std::function<void()>> waiting_;
  bool is_stopped_ = false;
  std::vector<std::jthread> threads_;  // last: they use all above
};

}  // namespace tocsin
