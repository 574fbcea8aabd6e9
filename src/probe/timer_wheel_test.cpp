#include "probe/timer_wheel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace tocsin {
namespace {

constexpr SteadyTime kOrigin{Duration(1'000'000'000)};

std::vector<TimerId> fired_at(TimerWheel& wheel, SteadyTime now) {
  std::vector<TimerId> fired;
  wheel.advance(now, fired);
  return fired;
}

// An early timer would call a probe late that is not.
TEST(TimerWheel, NeverFiresEarlyAndAtMostOneTickLate) {
  TimerWheel wheel(kOrigin, 4);
  wheel.schedule(2, kOrigin + 10ms + 1us);
  EXPECT_TRUE(fired_at(wheel, kOrigin + 10ms).empty());
  EXPECT_EQ(fired_at(wheel, kOrigin + 10ms + 1us + TimerWheel::kTick), std::vector<TimerId>{2});
  EXPECT_FALSE(wheel.is_set(2));
}

// The owner sleeps until next(): it must be there for every timer, and a time in the past must not
// wait for the next tick.
TEST(TimerWheel, NextIsNeverLaterThanTheFirstTimer) {
  TimerWheel wheel(kOrigin, 4);
  EXPECT_EQ(wheel.next(), kNever);
  wheel.schedule(0, kOrigin + 10s);
  EXPECT_LE(wheel.next(), kOrigin + 10s + TimerWheel::kTick);
  fired_at(wheel, kOrigin + 5s);
  wheel.schedule(1, kOrigin + 1s);
  EXPECT_LE(wheel.next(), kOrigin + 5s);
  EXPECT_EQ(fired_at(wheel, kOrigin + 5s), std::vector<TimerId>{1});
}

// A quiet period moves with every byte; the old time must be forgotten.
TEST(TimerWheel, AMovedTimerFiresOnceAtItsNewTime) {
  TimerWheel wheel(kOrigin, 1);
  wheel.schedule(0, kOrigin + 1ms);
  wheel.schedule(0, kOrigin + 2s);
  EXPECT_TRUE(fired_at(wheel, kOrigin + 1s).empty());
  EXPECT_EQ(fired_at(wheel, kOrigin + 3s), std::vector<TimerId>{0});
  wheel.schedule(0, kOrigin + 4s);
  wheel.schedule(0, kNever);
  EXPECT_TRUE(fired_at(wheel, kOrigin + 10s).empty());
  EXPECT_EQ(wheel.next(), kNever);
}

// A cancelled last timer of a bucket must not leave the bucket marked: next() would wake the loop
// for nothing for ever.
TEST(TimerWheel, CancelEmptiesTheBucket) {
  TimerWheel wheel(kOrigin, 2);
  wheel.schedule(0, kOrigin + 70ms);
  wheel.schedule(1, kOrigin + 70ms);
  wheel.cancel(0);
  EXPECT_NE(wheel.next(), kNever);
  wheel.cancel(1);
  EXPECT_EQ(wheel.next(), kNever);
}

// The naive twin: a sorted list of (tick, id).
class Oracle {
 public:
  void schedule(TimerId id, SteadyTime at) {
    cancel(id);
    const int64_t tick =
        ((at - kOrigin).count() + TimerWheel::kTick.count() - 1) / TimerWheel::kTick.count();
    timers_.emplace(tick, id);
  }
  void cancel(TimerId id) {
    std::erase_if(timers_, [&](const auto& each) { return each.second == id; });
  }
  std::vector<TimerId> advance(SteadyTime now) {
    const auto end = timers_.upper_bound((now - kOrigin).count() / TimerWheel::kTick.count());
    std::vector<TimerId> fired;
    for (auto each = timers_.begin(); each != end; ++each) {
      fired.push_back(each->second);
    }
    timers_.erase(timers_.begin(), end);
    return fired;
  }
  [[nodiscard]] bool empty() const { return timers_.empty(); }
  [[nodiscard]] SteadyTime first() const {
    return kOrigin + TimerWheel::kTick * timers_.begin()->first;
  }

 private:
  std::multimap<int64_t, TimerId> timers_;
};

// One random life: timers from microseconds to days, moved, cancelled, and a present that creeps
// and jumps.
void compare_with_oracle(uint32_t seed, Duration step_max) {
  constexpr TimerId kTimers = 40;
  std::mt19937_64 random(seed);
  const auto below = [&](int64_t end) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(end));
  };
  TimerWheel wheel(kOrigin, kTimers);
  Oracle oracle;
  SteadyTime now = kOrigin;
  for (int round = 0; round < 4000; ++round) {
    const auto id = static_cast<TimerId>(below(kTimers));
    if (below(4) == 0) {
      wheel.cancel(id);
      oracle.cancel(id);
    } else {
      const SteadyTime at = now + Duration(below(int64_t{1} << (1 + below(38))));
      wheel.schedule(id, at);
      oracle.schedule(id, at);
    }
    now += Duration(below(step_max.count()));
    std::vector<TimerId> fired = fired_at(wheel, now);
    std::vector<TimerId> wanted = oracle.advance(now);
    std::ranges::sort(fired);
    std::ranges::sort(wanted);
    ASSERT_EQ(fired, wanted) << "seed " << seed << ", round " << round;
    if (oracle.empty()) {
      ASSERT_EQ(wheel.next(), kNever);
    } else {
      ASSERT_LE(wheel.next(), oracle.first());
      ASSERT_GT(wheel.next(), now - TimerWheel::kTick);
    }
  }
}

TEST(TimerWheel, AgreesWithASortedListInSmallSteps) {
  for (uint32_t seed = 1; seed <= 5; ++seed) {
    compare_with_oracle(seed, 20ms);
  }
}

// Hours a step: all levels, and the wrap of the 32-bit ticks after 12 days.
TEST(TimerWheel, AgreesWithASortedListInGreatSteps) {
  for (uint32_t seed = 6; seed <= 10; ++seed) {
    compare_with_oracle(seed, 2h);
  }
}

// Timers of one advance come in the order of their ticks.
TEST(TimerWheel, EarlierTicksFireFirst) {
  TimerWheel wheel(kOrigin, 3);
  wheel.schedule(0, kOrigin + 300ms);
  wheel.schedule(1, kOrigin + 5ms);
  wheel.schedule(2, kOrigin + 20s);
  EXPECT_EQ(fired_at(wheel, kOrigin + 1min), (std::vector<TimerId>{1, 0, 2}));
}

}  // namespace
}  // namespace tocsin
