#include "engine/turn_pace.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

class TurnPaceTest : public testing::Test {
 protected:
  // Turns of so many events, one every `gap`, for `length`.
  void turns(Duration gap, size_t events, Duration length) {
    for (const SteadyTime end = now_ + length; now_ < end; now_ += gap) {
      pace_.count(now_, events);
    }
  }
  TurnPace pace_;
  SteadyTime now_{1h};
};

TEST_F(TurnPaceTest, WithLittleToDoEveryEventIsLookedAtAtOnce) {
  EXPECT_EQ(pace_.next_look(now_), std::nullopt);
  turns(1ms, 1, 1s);
  EXPECT_EQ(pace_.next_look(now_), std::nullopt);
}

TEST_F(TurnPaceTest, WithMuchToDoItLooksOnAGrid) {
  turns(200us, 1, 20ms);
  EXPECT_EQ(pace_.next_look(SteadyTime(1h) + 1ms + 10us), SteadyTime(1h) + 1500us);
  EXPECT_EQ(pace_.next_look(SteadyTime(1h) + 1500us), SteadyTime(1h) + 2ms);
}

TEST_F(TurnPaceTest, WithMoreToDoTheGridIsWider) {
  turns(1ms, 10, 20ms);
  EXPECT_EQ(pace_.next_look(SteadyTime(1h) + 10us), SteadyTime(1h) + 3ms);
  turns(1ms, 7, 20ms);
  EXPECT_EQ(pace_.next_look(SteadyTime(1h) + 10us), SteadyTime(1h) + 1ms);
  turns(1ms, 5, 20ms);
  EXPECT_EQ(pace_.next_look(SteadyTime(1h) + 1ms + 10us), SteadyTime(1h) + 1500us);
}

TEST_F(TurnPaceTest, ASleepIsFollowedByAWaitAndALookThatDoesNotWait) {
  EXPECT_FALSE(pace_.begin(now_, false).sleep_until);
  EXPECT_TRUE(pace_.begin(now_, false).waits);
  EXPECT_FALSE(pace_.begin(now_, true).waits) << "somebody has something to do";
  turns(200us, 1, 20ms);
  for (int round = 0; round < 3; ++round) {
    const TurnPace::Turn sleeps = pace_.begin(now_, false);
    EXPECT_EQ(sleeps.sleep_until, now_ + 500us);
    EXPECT_TRUE(sleeps.waits);
    const TurnPace::Turn looks = pace_.begin(now_, false);
    EXPECT_FALSE(looks.sleep_until);
    EXPECT_FALSE(looks.waits);
  }
  EXPECT_FALSE(pace_.begin(now_, true).sleep_until);
  EXPECT_FALSE(pace_.begin(now_, true).waits);
}

// Fewer turns with more each: that is what the grid is for, and no reason to leave it.
TEST_F(TurnPaceTest, TheGridDoesNotEndItself) {
  turns(100us, 2, 20ms);
  turns(500us, 5, 1s);
  EXPECT_NE(pace_.next_look(now_), std::nullopt);
  struct Load {
    size_t a_millisecond;
    Duration step;
    size_t a_step;
  };
  for (const auto& [a_millisecond, step, a_step] : {Load{9, 3ms, 27}, {7, 1ms, 7}, {5, 500us, 3}}) {
    turns(1ms, a_millisecond, 20ms);
    turns(step, a_step, 1s);
    now_ = SteadyTime(now_.time_since_epoch() / 3ms * 3ms);
    EXPECT_EQ(pace_.next_look(now_), now_ + step);
  }
}

TEST_F(TurnPaceTest, WhenItIsOverItIsOver) {
  turns(100us, 2, 20ms);
  turns(500us, 1, 20ms);
  EXPECT_EQ(pace_.next_look(now_), std::nullopt);
}

// A burst, then nothing for long, then one event: the burst is not what happens now.
TEST_F(TurnPaceTest, APauseEndsIt) {
  turns(100us, 2, 20ms);
  now_ += 10s;
  pace_.count(now_, 1);
  EXPECT_EQ(pace_.next_look(now_), std::nullopt);
}

}  // namespace
}  // namespace tocsin
