// The queue of what is due, against a plain map and over many turns of its buckets.
#include "engine/due_queue.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

#include "base/ids.h"

namespace tocsin {
namespace {

constexpr SteadyTime kSteady{1h};

// The newest time set for an index is the one that counts, whatever lies in the heap.
TEST(DueQueue, LaterSettingReplacesEarlier) {
  DueQueue<SteadyTime> queue;
  queue.set(7, kSteady + 10s);
  queue.set(7, kSteady + 20s);
  EXPECT_EQ(queue.next(), kSteady + 20s);
  EXPECT_EQ(queue.pop_due(kSteady + 15s), std::nullopt);
  EXPECT_EQ(queue.pop_due(kSteady + 20s), 7u);
  EXPECT_EQ(queue.pop_due(kSteady + 99s), std::nullopt);
}

// Against a plain map: any mix of setting, clearing, asking and popping gives the same order, with
// times that lie close together, in many buckets, and further ahead than the buckets reach; with a
// clock that goes on, and one that is set back.
TEST(DueQueue, AgreesWithAPlainMap) {
  uint64_t dice = 42;
  for (const Duration spread : {Duration(1ms), Duration(40ms), Duration(10s), Duration(200s)}) {
    DueQueue<SteadyTime> queue;
    std::map<uint32_t, SteadyTime> naive;
    SteadyTime now = kSteady;
    for (int step = 0; step < 20'000; ++step) {
      dice = stable_hash(dice + static_cast<uint64_t>(step));
      const auto index = static_cast<uint32_t>(dice % 50);
      const SteadyTime at = now + Duration(static_cast<int64_t>(dice >> 8) % spread.count());
      std::optional<SteadyTime> soonest;
      for (const auto& [key, time] : naive) {
        soonest = !soonest || time < *soonest ? time : soonest;
      }
      if (dice >> 60 < 8) {
        queue.set(index, at);
        naive[index] = at;
      } else if (dice >> 60 < 10) {
        queue.clear(index);
        naive.erase(index);
      } else if (dice >> 60 < 12) {
        ASSERT_EQ(queue.next(), soonest);
      } else {
        const auto popped = queue.pop_due(now);
        ASSERT_EQ(popped.has_value(), soonest && *soonest <= now);
        if (popped) {
          ASSERT_EQ(naive.at(*popped), *soonest);
          naive.erase(*popped);
        }
        now += dice % 997 == 0 ? -spread : spread / 30;
      }
    }
  }
}

// Ticks that come again and again, as monitors have them, over many turns of the buckets.
TEST(DueQueue, GoesRound) {
  DueQueue<SteadyTime> queue;
  const std::array<Duration, 4> intervals = {1s, 7s, 64s, 300s};
  std::array<int, 4> ticks{};
  for (uint32_t i = 0; i < intervals.size(); ++i) {
    queue.set(i, kSteady + intervals[i]);
  }
  while (const auto next = queue.next()) {
    if (*next > kSteady + 1h) {
      break;
    }
    EXPECT_EQ(queue.pop_due(*next - Duration(1)), std::nullopt);
    const auto index = queue.pop_due(*next);
    ASSERT_TRUE(index);
    ++ticks[*index];
    queue.set(*index, *next + intervals[*index]);
  }
  EXPECT_EQ(ticks, (std::array<int, 4>{3600, 514, 56, 12}));
}

// What was left behind in an earlier place is dropped, and the index comes once.
TEST(DueQueue, MovedOnesComeOnce) {
  DueQueue<SteadyTime> queue;
  queue.set(1, kSteady + 5s);
  queue.set(1, kSteady + 1s);  // earlier: the place of 5 s is left behind
  queue.set(1, kSteady + 1s + 1ms);
  queue.set(2, kSteady + 100s);  // far ahead, then near, then far again
  queue.set(2, kSteady + 2s);
  queue.set(2, kSteady + 99s);
  EXPECT_EQ(queue.pop_due(kSteady + 1s + 1ms), 1u);
  EXPECT_EQ(queue.pop_due(kSteady + 98s), std::nullopt);
  EXPECT_EQ(queue.next(), kSteady + 99s);
  EXPECT_EQ(queue.pop_due(kSteady + 200s), 2u);
  EXPECT_EQ(queue.next(), std::nullopt);
}

}  // namespace
}  // namespace tocsin
