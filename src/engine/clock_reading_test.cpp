// The two clocks read as one moment, whatever happens between the reads.
#include "engine/clock_reading.h"

#include <gtest/gtest.h>

#include <vector>

#include "engine/wall_map.h"

namespace tocsin {
namespace {

constexpr SystemTime kWall{Duration(1'772'323'200'000'000)};
constexpr SteadyTime kSteady{1h};

// A clock on which the time given for each read passes before it; after the last none passes.
class GappyClock final : public Clock {
 public:
  explicit GappyClock(std::vector<Duration> gaps) : gaps_(std::move(gaps)) {}
  SystemTime system_now() const override { return kWall + pass(); }
  SteadyTime steady_now() const override { return kSteady + pass(); }
  [[nodiscard]] size_t reads() const { return reads_; }

 private:
  Duration pass() const {
    passed_ += reads_ < gaps_.size() ? gaps_[reads_] : Duration(0);
    ++reads_;
    return passed_;
  }
  std::vector<Duration> gaps_;
  mutable Duration passed_{};
  mutable size_t reads_ = 0;
};

// How far the pair is from one moment of this clock.
Duration error_of(const ClockReading& reading) {
  return (reading.wall - kWall) - (reading.steady - kSteady);
}

TEST(ClockReading, IsOneTryOnAQuietMachine) {
  GappyClock clock({0us, 1us, 1us});
  const ClockReading reading = read_clocks(clock);
  EXPECT_TRUE(reading.is_close());
  EXPECT_EQ(error_of(reading), 0us);
  EXPECT_EQ(clock.reads(), 3u);
}

// Suspended between the first two reads: the wall clock seems to have jumped forward.
TEST(ClockReading, SuspendBeforeTheWallClockIsNoJumpForward) {
  GappyClock clock({0us, 72h, 1us});
  WallMap map(kWall, kSteady, 3);
  const ClockReading reading = read_clocks(clock);
  EXPECT_EQ(map.observe(reading.wall, reading.steady), WallMap::Jump::none);
  EXPECT_EQ(error_of(reading), 0us);
}

// Preempted for three seconds after the wall clock was read: it seems to have jumped back, which
// would begin an epoch.
TEST(ClockReading, PreemptionBehindTheWallClockIsNoJumpBack) {
  GappyClock clock({0us, 1us, 3s});
  WallMap map(kWall, kSteady, 3);
  const ClockReading reading = read_clocks(clock);
  EXPECT_EQ(map.observe(reading.wall, reading.steady), WallMap::Jump::none);
  EXPECT_EQ(map.epoch(), 3u);
}

// A machine that breaks every try ends the tries all the same; the closest pair says how close.
TEST(ClockReading, TriesAreBoundedAndTheClosestCounts) {
  std::vector<Duration> gaps(100, 3s);
  gaps[7] = 20ms;  // the third try, before its wall clock
  gaps[8] = 20ms;
  GappyClock clock(gaps);
  const ClockReading reading = read_clocks(clock);
  EXPECT_FALSE(reading.is_close());
  EXPECT_EQ(reading.spread, 40ms);
  EXPECT_EQ(clock.reads(), 15u);
}

}  // namespace
}  // namespace tocsin
