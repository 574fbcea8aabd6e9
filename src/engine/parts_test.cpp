// The small parts of the loop, each against a naive reading of its promise.
#include <gtest/gtest.h>

#include <array>
#include <map>

#include "engine/due_queue.h"
#include "engine/lag_window.h"
#include "engine/monitor_table.h"
#include "engine/wall_map.h"

namespace tocsin {
namespace {

constexpr SystemTime kWall{Duration(1'772'323'200'000'000)};
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

Monitor named(const std::string& project, const std::string& id) {
  Monitor monitor;
  monitor.project = project;
  monitor.id = id;
  monitor.name = "Name of " + id;
  monitor.target = *Target::parse("127.0.0.1:80");
  return monitor;
}

// A live monitor is found before a retired one of the same id.
TEST(MonitorTable, LiveOnesAreFoundFirst) {
  MonitorTable table;
  table.add(MonitorUid{1}, named("old", "db"), {}, true);
  table.add(MonitorUid{2}, named("new", "db"), {}, false);
  EXPECT_EQ(std::as_const(table).find("db")->uid, MonitorUid{2});
  EXPECT_EQ(std::as_const(table).find("1")->uid, MonitorUid{1});
  EXPECT_EQ(table.find("old", "db")->uid, MonitorUid{1});
  EXPECT_EQ(std::as_const(table).find("nobody"), nullptr);
}

// An id that is another's uid must not stand before it: the uid is what links and scripts keep.
TEST(MonitorTable, UidsAreNeverShadowed) {
  MonitorTable table;
  table.add(MonitorUid{42}, named("p", "db"), {}, false);
  table.add(MonitorUid{43}, named("p", "42"), {}, false);
  EXPECT_EQ(std::as_const(table).find("42")->uid, MonitorUid{42});
  EXPECT_EQ(std::as_const(table).find("43")->uid, MonitorUid{43});
}

std::vector<const MonitorEntry*> found(const MonitorTable& table, const MonitorFilter& filter) {
  MonitorList list{.filter = filter};
  std::vector<const MonitorEntry*> rows;
  const bool may_match = table.begin_list(list);
  for (size_t i = list.place; may_match && i < table.size() && rows.size() < filter.limit; ++i) {
    if (table.fits(table.at(static_cast<uint32_t>(i)), list.filter)) {
      rows.push_back(&table.at(static_cast<uint32_t>(i)));
    }
  }
  return rows;
}

// Pages continue behind the last one seen and leave retired monitors out.
TEST(MonitorTable, PagesContinue) {
  MonitorTable table;
  for (int i = 1; i <= 5; ++i) {
    table.add(MonitorUid{i}, named("p", "m" + std::to_string(i)), {}, i == 2);
  }
  MonitorFilter filter;
  filter.limit = 2;
  const auto first = found(table, filter);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[1]->definition->id, "m3");
  filter.after = first[1]->uid;
  const auto second = found(table, filter);
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second[1]->definition->id, "m5");
}

// Search looks at id, name and target one by one, ignoring case.
TEST(MonitorTable, SearchIgnoresCase) {
  MonitorTable table;
  table.add(MonitorUid{1}, named("p", "orders"), {}, false);
  MonitorFilter filter;
  for (const char* word : {"ORD", "name OF", "127.0.0.1:8"}) {
    filter.search = word;
    EXPECT_EQ(found(table, filter).size(), 1u) << word;
  }
  for (const char* word : {"nothing like it", "orders\nname"}) {
    filter.search = word;
    EXPECT_TRUE(found(table, filter).empty()) << word;
  }
}

// A search finds the definition of now, in other alphabets too.
TEST(MonitorTable, SearchFollowsTheDefinition) {
  MonitorTable table;
  Monitor russian = named("p", "orders");
  russian.name = "Заказы";
  MonitorEntry& entry = table.add(MonitorUid{1}, russian, {}, false);
  MonitorFilter filter;
  filter.search = "зАКАЗ";
  EXPECT_EQ(found(table, filter).size(), 1u);
  table.redefine(entry, named("p", "orders"));
  EXPECT_TRUE(found(table, filter).empty());
}

}  // namespace
}  // namespace tocsin
