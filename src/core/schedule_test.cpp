#include "core/schedule.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace tocsin {
namespace {

// 2026-11-21 10:00:00 UTC
constexpr SystemTime kTen{Duration(1795255200LL * 1000000)};
const Schedule kEveryMinute{.interval = 60s, .phase = 7s};

// The phase must be the same on every machine and for ever, else a restart would move all checks.
TEST(Schedule, PhaseIsFixedByTheUid) {
  const Schedule schedule = schedule_of(MonitorUid{42}, 60s);
  EXPECT_EQ(schedule.phase, schedule_of(MonitorUid{42}, 60s).phase);
  EXPECT_EQ(static_cast<uint64_t>(schedule.phase.count()), stable_hash(uint64_t{42}) % 60000000);
}

// Thousands of monitors must not start in the same second.
TEST(Schedule, PhasesSpreadOverTheInterval) {
  std::vector<int> per_second(60);
  for (int64_t uid = 1; uid <= 6000; ++uid) {
    const Schedule schedule = schedule_of(MonitorUid{uid}, 60s);
    ASSERT_GE(schedule.phase, 0s);
    ASSERT_LT(schedule.phase, 60s);
    ++per_second[static_cast<size_t>(schedule.phase / 1s)];
  }
  for (const int count : per_second) {
    EXPECT_GT(count, 50);
    EXPECT_LT(count, 160);
  }
}

TEST(Schedule, SlotsLieOnTheGrid) {
  EXPECT_EQ(slot_at(kEveryMinute, kTen), kTen - 53s);
  EXPECT_EQ(slot_at(kEveryMinute, kTen + 7s), kTen + 7s) << "a slot belongs to its own moment";
  EXPECT_EQ(next_slot(kEveryMinute, kTen + 7s), kTen + 67s) << "strictly after";
  EXPECT_EQ(next_slot(kEveryMinute, kTen + 6s), kTen + 7s);
}

// A division that rounds toward zero would give the wrong slot before 1970; simulated clocks start
// there.
TEST(Schedule, SlotsBeforeTheEpochRoundTowardThePast) {
  EXPECT_EQ(slot_at(kEveryMinute, SystemTime(-1s)), SystemTime(-53s));
  EXPECT_EQ(slot_at(kEveryMinute, SystemTime(-53s)), SystemTime(-53s));
  EXPECT_EQ(slot_at(kEveryMinute, SystemTime(-54s)), SystemTime(-113s));
}

struct DueRow {
  const char* story;
  std::optional<Duration> last;  // from 10:00:00
  Duration now;
  bool due;
  Duration slot;
  uint64_t missed;
  Duration next;
};

TEST(Schedule, DueTickTable) {
  const std::vector<DueRow> rows = {
      {"a new monitor is checked at once", std::nullopt, 20s, true, 7s, 0, 67s},
      {"between two slots there is nothing to do", 7s, 50s, false, 0s, 0, 67s},
      {"exactly on its slot it is due", 7s, 67s, true, 67s, 0, 127s},
      {"a late tick runs once, as its own slot", 7s, 100s, true, 67s, 0, 127s},
      {"whole missed periods are skipped and counted", 7s, 260s, true, 247s, 3, 307s},
      {"the same slot never runs twice", 67s, 67s, false, 0s, 0, 127s},
      {"a clock a little back waits for the slot after the last one", 67s, 50s, false, 0s, 0, 127s},
      {"a clock far back must not stop the checks", 3607s, 50s, true, 7s, 0, 67s},
      {"`last` off the grid (the interval changed) counts whole slots only", 30s, 260s, true, 247s,
       3, 307s},
  };
  for (const DueRow& row : rows) {
    const auto last = row.last ? std::optional(kTen + *row.last) : std::nullopt;
    const DueTick tick = due_tick(kEveryMinute, last, kTen + row.now);
    EXPECT_EQ(tick.due, row.due) << row.story;
    EXPECT_EQ(tick.missed, row.missed) << row.story;
    EXPECT_EQ(tick.next, kTen + row.next) << row.story;
    if (row.due) {
      EXPECT_EQ(tick.slot, kTen + row.slot) << row.story;
    }
  }
}

// Checks over random restarts and stalls: every slot is run or counted as missed, none of them
// twice, and all lie on the grid.
TEST(Schedule, NoSlotIsLostOrDoubledOverRandomRestarts) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    const Schedule schedule =
        schedule_of(MonitorUid{round + 1}, std::chrono::seconds(1 + random() % 90));
    SystemTime now = kTen;
    std::optional<SystemTime> last;
    std::optional<SystemTime> first;
    std::set<SystemTime> ran;
    uint64_t missed = 0;
    for (int turn = 0; turn < 200; ++turn) {
      const DueTick tick = due_tick(schedule, last, now);
      ASSERT_GT(tick.next, now) << "looking again at once would spin";
      if (tick.due) {
        ASSERT_TRUE(ran.insert(tick.slot).second) << "run twice";
        ASSERT_EQ((tick.slot.time_since_epoch() - schedule.phase) % schedule.interval, 0s);
        ASSERT_LE(tick.slot, now);
        missed += tick.missed;
        last = tick.slot;
        first = first.value_or(tick.slot);
      }
      // Usually it wakes in time, sometimes it was off for a while, sometimes it wakes early.
      const auto dice = random() % 10;
      now = dice < 7    ? tick.next
            : dice == 7 ? now + std::chrono::milliseconds(random() % 500)
                        : tick.next + std::chrono::seconds(random() % 1000);
    }
    const auto slots = static_cast<uint64_t>((*last - *first) / schedule.interval) + 1;
    EXPECT_EQ(ran.size() + missed, slots);
  }
}

// All servers must agree which location's turn it is, and every location gets the same share.
TEST(Schedule, RoundRobinTakesTheLocationsInTurn) {
  SystemTime slot = slot_at(kEveryMinute, kTen);
  const uint32_t first = round_robin_location(kEveryMinute, slot, 3);
  for (uint32_t tick = 0; tick < 9; ++tick) {
    EXPECT_EQ(round_robin_location(kEveryMinute, slot, 3), (first + tick) % 3);
    slot += 60s;
  }
  EXPECT_LT(round_robin_location(kEveryMinute, SystemTime(-1000s), 3), 3U) << "before 1970 too";
}

}  // namespace
}  // namespace tocsin
