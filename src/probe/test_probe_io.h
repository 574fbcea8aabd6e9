// For tests: what each backend of the kernel is tried with, on real sockets.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "probe/test_backends.h"
#include "probe/test_support.h"

namespace tocsin {

class ProbeIoSuite : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (!io_) {
      GTEST_SKIP() << "this machine has none: " << made_.error().message;
    }
  }
  std::vector<IoEvent> wait(Duration most = 2s) {
    std::vector<IoEvent> events;
    const SteadyTime end = clock_.steady_now() + most;
    while (events.empty() && clock_.steady_now() < end) {
      io_->wait(end, events);
    }
    return events;
  }
  // The end of a ring of an earlier test may look like a signal.
  void wait_undisturbed(SteadyTime until) {
    std::vector<IoEvent> events;
    do {
      io_->wait(until, events);
    } while (io_->was_interrupted());
    EXPECT_TRUE(events.empty());
  }
  // The event that comes next; others that come with it are kept for the next call.
  IoEvent next() {
    if (waiting_.empty()) {
      const std::vector<IoEvent> events = wait();
      waiting_.assign(events.begin(), events.end());
    }
    if (waiting_.empty()) {
      ADD_FAILURE() << "nothing happened";
      return {.error = -1};
    }
    const IoEvent event = waiting_.front();
    waiting_.pop_front();
    return event;
  }

  TestClock clock_;
  Result<std::unique_ptr<ProbeIo>> made_ = GetParam().make(clock_, 8, 256);
  std::unique_ptr<ProbeIo> io_ = made_ ? std::move(*made_) : nullptr;
  std::deque<IoEvent> waiting_;
};

}  // namespace tocsin
