#include "store/held.h"

#include <gtest/gtest.h>

#include "store/fixtures.h"

namespace tocsin {
namespace {

size_t rows_of(const HeldBatch& held) {
  size_t rows = 0;
  for (const WriteBatch& batch : held.batches()) {
    rows += batch.rows();
  }
  return rows;
}

TEST(HeldBatch, BeginsEmpty) {
  HeldBatch held;
  EXPECT_TRUE(held.empty());
  WriteBatch results;
  results.attempts.resize(3);
  held.add(results);
  EXPECT_TRUE(held.empty());
}

// Whoever changed a channel was told that it is not kept: it must not come true later.
TEST(HeldBatch, HoldsNoChannels) {
  HeldBatch held;
  WriteBatch batch;
  batch.channels.resize(1);
  held.add(std::move(batch));
  EXPECT_TRUE(held.empty());
  EXPECT_EQ(rows_of(held), 0U);
}

// An hour of ticks is one state per monitor.
TEST(HeldBatch, KeepsTheNewestOfEach) {
  HeldBatch held;
  for (uint64_t tick = 1; tick <= 1000; ++tick) {
    WriteBatch batch;
    batch.states.push_back({{1}, {.skipped_missed = tick}});
    batch.incidents.push_back({.id = {"a"}, .reason = std::to_string(tick)});
    batch.deliveries.push_back({.key = "k", .attempts = static_cast<uint32_t>(tick)});
    batch.clock_epoch = static_cast<uint32_t>(tick);
    held.add(std::move(batch));
  }
  ASSERT_EQ(rows_of(held), 3U);
  const WriteBatch batch = held.batches().back();
  EXPECT_EQ(batch.states[0].state.skipped_missed, 1000U);
  EXPECT_EQ(batch.incidents[0].reason, "1000");
  EXPECT_EQ(batch.deliveries[0].attempts, 1000U);
  EXPECT_EQ(batch.clock_epoch, 1000U);
}

// A reload that comes after a tick carries the newer state, and the other way round.
TEST(HeldBatch, ReloadReplacesAnEarlierState) {
  HeldBatch held;
  WriteBatch tick;
  tick.states.push_back({{1}, {.skipped_missed = 1}});
  held.add(tick);
  WriteBatch reload;
  reload.monitors.push_back({.monitor = {.uid = {1}}, .state = {.skipped_missed = 2}});
  held.add(reload);
  EXPECT_EQ(rows_of(held), 1U);
  held.add(tick);
  EXPECT_EQ(rows_of(held), 2U);
}

// A session that began and ended meanwhile must not come back from an earlier row on the disk.
TEST(HeldBatch, KeepsTheEndOfASession) {
  HeldBatch held(/*rows_max=*/2, /*attempts_max=*/2);
  WriteBatch batch;
  batch.users = {{.name = "ann", .password_hash = "old"}};
  batch.sessions = {{.hash = "a"}, {.hash = "b"}, {.hash = "c"}};
  held.add(batch);
  batch.users[0].password_hash = "new";
  batch.sessions = {{.hash = "c", .ended = true}};
  held.add(batch);
  const WriteBatch kept = held.batches().back();
  ASSERT_EQ(kept.users.size(), 1U);
  EXPECT_EQ(kept.users[0].password_hash, "new");
  ASSERT_EQ(kept.sessions.size(), 2U);
  EXPECT_EQ(kept.sessions[1].hash, "c");
  EXPECT_TRUE(kept.sessions[1].ended);
}

// What is over goes first; what still has to be told is never given up.
TEST(HeldBatch, IsBounded) {
  HeldBatch held(/*rows_max=*/50, /*attempts_max=*/20);
  WriteBatch batch;
  for (size_t number = 0; number <= 50; ++number) {
    batch.deliveries.push_back(
        {.key = std::to_string(number),
         .state = number == 0 ? DeliveryState::waiting : DeliveryState::delivered});
    if (number <= 20) {
      batch.delivery_attempts.push_back({.key = "k", .number = static_cast<uint32_t>(number)});
    }
  }
  held.add(std::move(batch));
  const WriteBatch kept = held.batches().back();
  EXPECT_EQ(kept.deliveries.size(), 50U);
  EXPECT_EQ(kept.deliveries[0].key, "0");
  EXPECT_EQ(kept.delivery_attempts.size(), 20U);
}

}  // namespace
}  // namespace tocsin
