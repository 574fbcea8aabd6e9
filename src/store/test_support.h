// What tests of a store stand on: a directory that goes away, a clock that is moved by hand, a
// mailbox that is emptied by hand.
#pragma once

#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <iterator>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ports/clock.h"
#include "ports/mailbox.h"
#include "store/store.h"

namespace tocsin::fixtures {

inline constexpr size_t kSmallReserve = 65'536;  // as good as 64 MiB for a test

inline constexpr SystemTime kNow{Duration(1'795'269'800'000'000)};  // a day in November 2026

// Stands still until it is moved; `running` adds the time that really passes, for a writer with a
// thread of its own.
class TestClock final : public Clock {
 public:
  explicit TestClock(bool running = false) : running_(running) {}
  void move(Duration by) { moved_ += by.count(); }
  [[nodiscard]] SystemTime system_now() const override { return kNow + Duration(moved_); }
  [[nodiscard]] SteadyTime steady_now() const override {
    timespec now{};
    if (running_) {
      ::clock_gettime(CLOCK_BOOTTIME, &now);
    }
    return SteadyTime(Duration((now.tv_sec * 1'000'000) + (now.tv_nsec / 1000) + moved_));
  }

 private:
  bool running_;
  std::atomic<int64_t> moved_ = 1'000'000;
};

class TestMailbox final : public Mailbox {
 public:
  void post(std::function<void()> work) override {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
    filled_.notify_all();
  }
  // Runs what comes until `done()`; false after ten seconds without anything.
  bool run_until(const std::function<bool()>& done) {
    std::unique_lock lock(mutex_);
    while (!done()) {
      if (work_.empty() && !filled_.wait_for(lock, 10s, [this] { return !work_.empty(); })) {
        return false;
      }
      const std::function<void()> next = std::move(work_.front());
      work_.pop_front();
      lock.unlock();
      next();
      lock.lock();
    }
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> work_;
};

// Submits and waits for the answer.
inline Result<void> keep(Store& store, TestMailbox& mailbox, WriteBatch batch) {
  std::optional<Result<void>> answer;
  batch.urgent = true;
  store.submit(std::move(batch), [&answer](const Result<void>& kept) { answer = kept; });
  if (!mailbox.run_until([&answer] { return answer.has_value(); })) {
    return fail(ErrorKind::timed_out, "no answer came");
  }
  return *answer;
}

// As it was written.
inline MonitorRow row_of(LoadedMonitor& loaded) {
  const std::shared_ptr<const Monitor> definition = loaded.definition;
  return {.monitor = {.uid = loaded.uid,
                      .project = definition->project,
                      .id = definition->id,
                      .retired = loaded.retired,
                      .definition = definition},
          .state = std::move(loaded.state)};
}

// With the monitors.
struct WholeStore : LoadedStore {
  std::vector<MonitorRow> monitors;
};
inline Result<WholeStore> load_whole(Store& store) {
  WholeStore whole;
  Result<LoadedStore> loaded = store.load([&](std::span<LoadedMonitor> some, size_t) {
    std::ranges::transform(some, std::back_inserter(whole.monitors), row_of);
  });
  if (!loaded) {
    return std::unexpected(loaded.error());
  }
  static_cast<LoadedStore&>(whole) = std::move(*loaded);
  return whole;
}

}  // namespace tocsin::fixtures
