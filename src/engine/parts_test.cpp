// The small parts of the loop, each against a naive reading of its promise.
#include <gtest/gtest.h>

#include "engine/lag_window.h"
#include "engine/wall_map.h"

namespace tocsin {
namespace {

constexpr SystemTime kWall{Duration(1'772'323'200'000'000)};
constexpr SteadyTime kSteady{1h};

// A slewing clock is not a jump: slots keep their even distance.
TEST(WallMap, SmallDifferencesAreNotFollowed) {
  WallMap map(kWall, kSteady, 3);
  EXPECT_EQ(map.observe(kWall + 10s + 900ms, kSteady + 10s), WallMap::Jump::none);
  EXPECT_EQ(map.wall(kSteady + 10s), kWall + 10s);
  EXPECT_EQ(map.epoch(), 3u);
}

// Forward: time is taken anew, the order of slots is not in danger.
TEST(WallMap, ForwardJumpKeepsTheEpoch) {
  WallMap map(kWall, kSteady, 3);
  EXPECT_EQ(map.observe(kWall + 1h, kSteady + 1s), WallMap::Jump::forward);
  EXPECT_EQ(map.wall(kSteady + 1s), kWall + 1h);
  EXPECT_EQ(map.steady(kWall + 1h), kSteady + 1s);
  EXPECT_EQ(map.epoch(), 3u);
}

// Back: slots would repeat, so a new epoch begins.
TEST(WallMap, BackwardJumpBeginsAnEpoch) {
  WallMap map(kWall, kSteady, 3);
  EXPECT_EQ(map.observe(kWall - 1h, kSteady + 1s), WallMap::Jump::back);
  EXPECT_EQ(map.epoch(), 4u);
  EXPECT_EQ(map.observe(kWall - 1h + 1s, kSteady + 2s), WallMap::Jump::none);
}

// Percentiles are at most an eighth above the truth and never above the largest value.
TEST(LagWindow, PercentilesAreWithinAnEighth) {
  LagWindow window;
  for (int i = 1; i <= 1000; ++i) {
    window.add(Duration(i), kSteady);
  }
  const LagWindow::Summary summary = window.summary(kSteady);
  EXPECT_GE(summary.p50, 500us);
  EXPECT_LE(summary.p50, 563us);
  EXPECT_GE(summary.p99, 990us);
  EXPECT_LE(summary.p99, 1000us);
  EXPECT_EQ(summary.max, 1000us);
}

// Only the last minute counts for percentiles; the buckets since start keep all.
TEST(LagWindow, OldValuesFade) {
  LagWindow window;
  window.add(1s, kSteady);
  window.add(1ms, kSteady + 2min);
  EXPECT_EQ(window.summary(kSteady + 2min).max, 1ms);
  uint64_t all = 0;
  for (const uint64_t count : window.buckets()) {
    all += count;
  }
  EXPECT_EQ(all, 2u);
}

// Beside the counts since start stands their sum, which never falls.
TEST(LagWindow, SumsWhatItCounts) {
  LagWindow window;
  window.add(300ms, kSteady);
  window.add(5s, kSteady + 2min);
  window.add(-1ms, kSteady + 2min);
  EXPECT_EQ(window.sum(), 5s + 300ms);
}

}  // namespace
}  // namespace tocsin
