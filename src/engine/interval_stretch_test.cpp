// When ticks are left out and when again not, over windows that a test fills.
#include "engine/interval_stretch.h"

#include <gtest/gtest.h>

#include <set>

namespace tocsin {
namespace {

class StretchStory : public testing::Test {
 protected:
  // One window with 100 ticks, all as late; the loop waits for `idle` of its time.
  void window(Duration late, double idle) {
    for (int i = 0; i < 100; ++i) {
      stretch_.started(late);
    }
    now_ += IntervalStretch::kWindow;
    const auto waited =
        static_cast<int64_t>(idle * static_cast<double>(IntervalStretch::kWindow.count()));
    stretch_.turned(now_, Duration(waited));
  }
  void begin() { stretch_.turned(now_, Duration(0)); }

  IntervalStretch stretch_;
  SteadyTime now_{1h};
};

TEST_F(StretchStory, OnTimeNothingIsLeftOut) {
  begin();
  for (int i = 0; i < 10; ++i) {
    window(1ms, 0.05);
  }
  EXPECT_EQ(stretch_.factor(), 1u) << "busy, but on time";
  EXPECT_NEAR(stretch_.busy(), 0.95, 0.01);
}

// Twice as much as it can: every window is later than the last.
TEST_F(StretchStory, ALastingOverloadLeavesOutEverySecondTick) {
  begin();
  window(1s, 0);
  EXPECT_EQ(stretch_.factor(), 1u) << "one window is no overload";
  window(3s, 0);
  EXPECT_EQ(stretch_.factor(), 2u);
  window(4s, 0);
  window(4s, 0);
  EXPECT_EQ(stretch_.factor(), 4u) << "that was not enough";
}

// The program was stopped for a while, or everything began at once: late, but catching up.
TEST_F(StretchStory, AStandstillIsNoOverload) {
  begin();
  window(4s, 0.7);
  window(1s, 0);
  window(100ms, 0);
  window(1ms, 0.5);
  EXPECT_EQ(stretch_.factor(), 1u);
}

// Late without work: the processor was elsewhere; fewer checks would not help.
TEST_F(StretchStory, LateForAnotherReasonIsNoOverload) {
  begin();
  for (int i = 0; i < 10; ++i) {
    window(1s, 0.5);
  }
  EXPECT_EQ(stretch_.factor(), 1u);
}

TEST_F(StretchStory, WithRoomForTwiceAsMuchItGoesBack) {
  begin();
  window(1s, 0);
  window(3s, 0);
  ASSERT_EQ(stretch_.factor(), 2u);
  for (int i = 0; i < 10; ++i) {
    window(1ms, 0.5);
  }
  EXPECT_EQ(stretch_.factor(), 2u) << "twice that would be all of its time";
  for (int i = 0; i < 4; ++i) {
    window(1ms, 0.7);
  }
  EXPECT_EQ(stretch_.factor(), 1u);
}

// Every second tick of each, and of all monitors half at a time.
TEST_F(StretchStory, IsEvenOverMonitorsAndTime) {
  begin();
  window(1s, 0);
  window(3s, 0);
  const SystemTime base{Duration(1'700'000'000s)};
  for (int tick = 0; tick < 4; ++tick) {
    int run = 0;
    for (int64_t uid = 1; uid <= 100; ++uid) {
      const Schedule schedule{.interval = 10s, .phase = Duration(uid * 1000)};
      const SystemTime slot = base + tick * 10s + schedule.phase;
      run += stretch_.leaves_out(schedule, {uid}, slot) ? 0 : 1;
      EXPECT_NE(stretch_.leaves_out(schedule, {uid}, slot),
                stretch_.leaves_out(schedule, {uid}, slot + 10s));
    }
    EXPECT_EQ(run, 50);
  }
}

}  // namespace
}  // namespace tocsin
