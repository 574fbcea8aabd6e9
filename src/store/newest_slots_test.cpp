// What a start asks of the segments: of many monitors the newest slot, also of one that has been
// silent through all segments but the first, and of one that never passed.
#include "store/newest_slots.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/scratch_folder.h"
#include "store/json.h"
#include "store/migrations.h"
#include "store/rollup.h"
#include "store/segment_table.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::kNow;

constexpr int64_t kBusy = 4000;  // pass in each segment
constexpr MonitorUid kSilent{kBusy + 1}, kNever{kBusy + 2};
constexpr int64_t kSegments = 6;

PlainPass pass_of(MonitorUid monitor, SystemTime slot, uint16_t location = 0) {
  return {.slot = slot,
          .monitor = monitor,
          .clock_epoch = 1,
          .response = 100,
          .connect = 100,
          .location = location,
          .has = PlainPass::has_connect,
          .form = PassForm::connected};
}

class NewestSlotsTest : public testing::Test {
 protected:
  void SetUp() override {
    Result<sqlite::Database> opened = open_store_file(folder_.path() / "tocsin.db");
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = std::move(*opened);
    for (int64_t number = 1; number <= kSegments; ++number) {
      std::vector<PlainPass> passes;
      for (int64_t monitor = 1; monitor <= kBusy; ++monitor) {
        passes.push_back(pass_of({monitor}, kNow + 1min * number));
      }
      if (number == 1) {
        passes.push_back(pass_of(kSilent, kNow));
        passes.push_back(pass_of(kSilent, kNow + 1min, 0));
        passes.push_back(pass_of(kSilent, kNow + 1min, 7));
      }
      ASSERT_TRUE(insert_segment(*database_, number, passes));
    }
    for (int64_t monitor = 1; monitor <= kNever.value; ++monitor) {
      monitors_.push_back({monitor});
    }
  }

  [[nodiscard]] std::vector<PlainPass> newest_of(const NewestSlots& newest, MonitorUid monitor) {
    const auto found = newest.of(static_cast<size_t>(monitor.value - 1));
    return {found.begin(), found.end()};
  }
  void expect_all() {
    const Result<NewestSlots> newest = NewestSlots::read(*database_, monitors_, 1, unasked_max_);
    ASSERT_TRUE(newest) << newest.error().message;
    for (int64_t monitor = 1; monitor <= kBusy; ++monitor) {
      ASSERT_EQ(newest_of(*newest, {monitor}),
                std::vector{pass_of({monitor}, kNow + 1min * kSegments)});
    }
    EXPECT_EQ(newest_of(*newest, kSilent),
              (std::vector{pass_of(kSilent, kNow + 1min, 0), pass_of(kSilent, kNow + 1min, 7)}));
    EXPECT_TRUE(newest_of(*newest, kNever).empty());
  }

  // All segments, also in the hours of those few that some test seeks by them.
  void count_all() {
    Rollup rollup;
    for (const uint16_t location : {uint16_t{0}, uint16_t{7}}) {
      rollup.add(pass_of(kSilent, kNow + 1min, location));
    }
    for (int64_t monitor = 1; monitor <= kBusy; ++monitor) {
      rollup.add(pass_of({monitor}, kNow + 1min * kSegments));
    }
    ASSERT_TRUE(rollup.write(*database_));
    ASSERT_TRUE(store_counted(*database_, {.through = kSegments, .target = 0, .monitor = {}}));
  }

  ScratchFolder folder_;
  std::optional<sqlite::Database> database_;
  size_t unasked_max_ = NewestSlots::kUnaskedMax;
  std::vector<MonitorUid> monitors_;
};

TEST_F(NewestSlotsTest, NothingIsCounted) { expect_all(); }

TEST_F(NewestSlotsTest, SomeIsCounted) {
  ASSERT_TRUE(store_counted(*database_, {.through = kSegments / 2, .target = 0, .monitor = {}}));
  expect_all();
}

TEST_F(NewestSlotsTest, AllIsCounted) {
  ASSERT_TRUE(store_counted(*database_, {.through = kSegments, .target = 0, .monitor = {}}));
  expect_all();
}

// Where nobody asks about single monitors the result is the same as where somebody does at once.
TEST_F(NewestSlotsTest, ThoseThatTheNewestDoNotSettleAreSoughtByTheirHours) {
  count_all();
  for (const size_t unasked : {0U, 1U, 2U}) {
    SCOPED_TRACE(unasked);
    unasked_max_ = unasked;
    expect_all();
  }
}

// In the newest hour in which it passed it has results of other kinds only: the one before counts.
TEST_F(NewestSlotsTest, AnHourWithoutPlainPassesLeadsToTheOneBefore) {
  count_all();
  const PlainPass late = pass_of(kNever, kNow - 49h);
  Rollup rollup;
  rollup.add(pass_of(kNever, kNow));
  rollup.add(late);
  ASSERT_TRUE(rollup.write(*database_));
  ASSERT_TRUE(insert_segment(*database_, kSegments + 1, std::vector{late}));
  ASSERT_TRUE(store_counted(*database_, {.through = kSegments + 1, .target = 0, .monitor = {}}));
  const Result<NewestSlots> newest = NewestSlots::read(*database_, monitors_, 1, 1);
  ASSERT_TRUE(newest) << newest.error().message;
  EXPECT_EQ(newest_of(*newest, kNever), std::vector{late});
  EXPECT_EQ(newest_of(*newest, kSilent).size(), 2U);
}

// Of a monitor that has been down, paused, or is new, nothing newer than its state can be found; of
// one whose passes are no plain ones nothing newer than its newest row. No segment is read for
// them.
TEST_F(NewestSlotsTest, WhatIsKnownOtherwiseIsNotLookedFor) {
  count_all();
  Rollup rollup;
  rollup.add(pass_of(kNever, kNow));  // in each hour it has such
  ASSERT_TRUE(rollup.write(*database_));
  ASSERT_TRUE(database_->run("UPDATE segments SET passes = x'00' WHERE number < ?", {kSegments}));
  unasked_max_ = 1;
  const auto read = [&] { return NewestSlots::read(*database_, monitors_, 1, unasked_max_); };
  ASSERT_FALSE(read());
  MonitorState state;
  state.status.clock_epoch = 1;
  state.status.slot = kNow + 1min * (kSegments - 1);
  ASSERT_TRUE(database_->run("INSERT INTO states (monitor, state) VALUES (?, ?)",
                             {kSilent.value, to_json(state)}));
  ASSERT_FALSE(read());
  ASSERT_TRUE(
      database_->run("INSERT INTO results (slot, monitor, location, epoch, attempt, "
                     "verdict, final, response, delay, started, syn_retransmits, "
                     "loop_lag, bytes_sent, bytes_received, flags) "
                     "VALUES (?, ?, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0)",
                     {kNow + 1min * kSegments, kNever.value}));
  const Result<NewestSlots> newest = read();
  ASSERT_TRUE(newest) << newest.error().message;
  EXPECT_EQ(newest_of(*newest, {1}), std::vector{pass_of({1}, kNow + 1min * kSegments)});
}

// Segments are not in the order of time when results come late.
TEST_F(NewestSlotsTest, AnOlderSegmentThatCameLastHidesNothing) {
  const std::vector late{pass_of({1}, kNow - 1h), pass_of(kSilent, kNow - 1h)};
  ASSERT_TRUE(insert_segment(*database_, kSegments + 1, late));
  expect_all();
}

// What is not counted may be older than what is.
TEST_F(NewestSlotsTest, WhatIsCountedIsReadAlthoughSomethingElseIsNewer) {
  ASSERT_TRUE(store_counted(*database_, {.through = kSegments, .target = 0, .monitor = {}}));
  const PlainPass elsewhere = pass_of({1}, kNow + 1min * kSegments, 7);
  ASSERT_TRUE(insert_segment(*database_, kSegments + 1, std::vector{elsewhere}));
  const std::vector late{pass_of({2}, kNow - 1h), pass_of(kSilent, kNow - 1h)};
  ASSERT_TRUE(insert_segment(*database_, kSegments + 2, late));
  const Result<NewestSlots> newest = NewestSlots::read(*database_, monitors_, 1);
  ASSERT_TRUE(newest) << newest.error().message;
  EXPECT_EQ(newest_of(*newest, {1}).size(), 2U);
  EXPECT_EQ(newest_of(*newest, {2}), std::vector{pass_of({2}, kNow + 1min * kSegments)});
  EXPECT_EQ(newest_of(*newest, kSilent).size(), 2U);
  // Also where nobody else makes that segment be read whole.
  const std::vector<MonitorUid> alone{{1}};
  const Result<NewestSlots> of_one = NewestSlots::read(*database_, alone, 1);
  ASSERT_TRUE(of_one) << of_one.error().message;
  EXPECT_EQ(of_one->of(0).size(), 2U);
}

// What was before the clock went back is of another epoch: nothing of it is sought.
TEST_F(NewestSlotsTest, SegmentsOfAnOlderEpochAreNotRead) {
  ASSERT_TRUE(database_->run("UPDATE segments SET passes = x'00'"));
  EXPECT_FALSE(NewestSlots::read(*database_, monitors_, 1));
  EXPECT_TRUE(NewestSlots::read(*database_, monitors_, 2));
}

TEST_F(NewestSlotsTest, AnotherEpochIsNotSeen) {
  const Result<NewestSlots> newest = NewestSlots::read(*database_, monitors_, 2);
  ASSERT_TRUE(newest) << newest.error().message;
  EXPECT_TRUE(newest_of(*newest, {1}).empty());
}

}  // namespace
}  // namespace tocsin
