// What other threads may put before the loop, and what is refused.
#include "engine/loop_mailbox.h"

#include <gtest/gtest.h>

#include <memory>

#include "ports/idle_probe_io.h"

namespace tocsin {
namespace {

// Only counts how often the loop was woken.
class WakeCounter final : public IdleProbeIo {
 public:
  int wakes = 0;
  void wake() override { ++wakes; }
  void watch(int, bool, bool, std::function<void(bool, bool)>) override {}
};

class LoopMailboxTest : public ::testing::Test {
 protected:
  WakeCounter io_;
  LoopMailbox mailbox_{io_};
};

TEST_F(LoopMailboxTest, RunsWhatWasPostedInOrder) {
  std::string ran;
  mailbox_.post([&] { ran += "a"; });
  mailbox_.post([&] { ran += "b"; });
  EXPECT_EQ(io_.wakes, 2);
  mailbox_.run_posts();
  EXPECT_EQ(ran, "ab");
  EXPECT_FALSE(mailbox_.has_posts());
}

// Clients without end cost the same memory as a thousand of them: the next is refused, and
// accepted again once the loop has worked some off.
TEST_F(LoopMailboxTest, RefusesRequestsBeyondTheBound) {
  size_t ran = 0;
  for (size_t i = 0; i < kLoopRequestsMax; ++i) {
    ASSERT_TRUE(mailbox_.offer([&] { return ++ran == 0; }));
  }
  auto held = std::make_shared<int>(1);
  EXPECT_FALSE(mailbox_.offer([held] { return false; }));
  EXPECT_EQ(held.use_count(), 1) << "nothing of a refused request is kept";
  mailbox_.serve_request();
  EXPECT_TRUE(mailbox_.offer([&] { return ++ran == 0; }));
  while (mailbox_.has_requests()) {
    mailbox_.serve_request();
  }
  EXPECT_EQ(ran, kLoopRequestsMax + 1);
}

// The answers of the store and the receivers are never refused: a commit that nobody hears of
// would be a notice that is never sent.
TEST_F(LoopMailboxTest, PostsAreNeverRefused) {
  size_t ran = 0;
  while (mailbox_.offer([] { return false; })) {
  }
  for (size_t i = 0; i < 2 * kLoopRequestsMax; ++i) {
    mailbox_.post([&] { ++ran; });
  }
  mailbox_.run_posts();
  EXPECT_EQ(ran, 2 * kLoopRequestsMax);
}

// A long request does a piece at a time and lets the others by, so that nobody waits for another's
// whole list.
TEST_F(LoopMailboxTest, LongRequestsTakeTurns) {
  std::string ran;
  const auto in_three = [&ran](char name) {
    return [&ran, name, left = 3]() mutable {
      ran += name;
      return --left > 0;
    };
  };
  ASSERT_TRUE(mailbox_.offer(in_three('a')));
  ASSERT_TRUE(mailbox_.offer(in_three('b')));
  mailbox_.serve_request();
  EXPECT_EQ(ran, "a") << "one piece a call";
  while (mailbox_.has_requests()) {
    mailbox_.serve_request();
  }
  EXPECT_EQ(ran, "ababab");
}

// After the loop has ended, what still comes is let go, and with it whoever waits for its answer.
TEST_F(LoopMailboxTest, LetsGoWhatComesAfterTheEnd) {
  auto held = std::make_shared<int>(1);
  ASSERT_TRUE(mailbox_.offer([held] { return false; }));
  mailbox_.post([held] {});
  mailbox_.close();
  EXPECT_TRUE(mailbox_.offer([held] { return false; }));
  mailbox_.post([held] {});
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_FALSE(mailbox_.has_posts());
  EXPECT_FALSE(mailbox_.has_requests());
}

}  // namespace
}  // namespace tocsin
