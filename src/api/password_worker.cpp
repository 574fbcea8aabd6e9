#include "api/password_worker.h"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>

namespace tocsin {
namespace {

constexpr int kNiceness = 10;  // of 19; the loop and the API have 0

}  // namespace

PasswordWorker::PasswordWorker() {
  for (size_t i = 0; i < kPasswordsAtOnce; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
  }
}

PasswordWorker::~PasswordWorker() { stop(); }

bool PasswordWorker::offer(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopped_ || waiting_.size() >= kPasswordsWaiting) {
      return false;
    }
    waiting_.push_back(std::move(work));
  }
  filled_.notify_one();
  return true;
}

void PasswordWorker::stop() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    dropped.swap(waiting_);
  }
  dropped.clear();  // not under the lock: whoever is dropped says so, through other locks
  for (std::jthread& thread : threads_) {
    thread.request_stop();
  }
  for (std::jthread& thread : threads_) {
    if (thread.joinable()) {
      thread.join();
    }
  }
}

void PasswordWorker::run(const std::stop_token& stop) {
  // On Linux this is of the one thread. Refused, it runs as all others do.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness));
  while (true) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      if (!filled_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
        return;
      }
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace tocsin
