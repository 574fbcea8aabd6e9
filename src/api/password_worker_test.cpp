#include "api/password_worker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace tocsin {
namespace {

// The figures of the threat model: two at once, 32 waiting, everybody else is told so.
TEST(PasswordWorker, TakesTwoAndThirtyTwoWaiting) {
  PasswordWorker worker;
  std::latch begun(2);
  std::latch go_on(1);
  std::atomic<int> done = 0;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(worker.offer([&] {
      begun.count_down();
      go_on.wait();
      ++done;
    }));
  }
  begun.wait();
  for (size_t i = 0; i < kPasswordsWaiting; ++i) {
    ASSERT_TRUE(worker.offer([&] { ++done; })) << i;
  }
  EXPECT_FALSE(worker.offer([&] { ++done; }));
  std::latch last(1);
  go_on.count_down();
  while (!worker.offer([&] { last.count_down(); })) {
  }
  last.wait();
  worker.stop();
  EXPECT_GE(done, 2);
  EXPECT_LE(done, 34);
}

// A stopping server: what runs is finished, what waits is dropped (each answer then says so by
// itself), nothing new is taken.
TEST(PasswordWorker, StopDropsWhatWaits) {
  PasswordWorker worker;
  std::latch begun(2);
  std::latch go_on(1);
  std::atomic<int> done = 0;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(worker.offer([&] {
      begun.count_down();
      go_on.wait();
      ++done;
    }));
  }
  begun.wait();
  const auto held = std::make_shared<int>(1);
  ASSERT_TRUE(worker.offer([held, &done] { done += 100; }));
  std::jthread stopping([&] { worker.stop(); });
  while (held.use_count() > 1) {
  }
  EXPECT_FALSE(worker.offer([] {}));
  go_on.count_down();
  stopping.join();
  EXPECT_EQ(done, 2);
  worker.stop();
}

}  // namespace
}  // namespace tocsin
