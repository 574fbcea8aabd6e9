#include "store/commit_queue.h"

#include <gtest/gtest.h>

#include "store/fixtures.h"

namespace tocsin {
namespace {

constexpr SteadyTime kStart{Duration(1'000'000'000)};

WriteBatch results(size_t count) {
  WriteBatch batch;
  batch.attempts.resize(count);
  return batch;
}

WriteBatch urgent() {
  WriteBatch batch;
  batch.incidents.resize(1);
  batch.urgent = true;
  return batch;
}

TEST(CommitQueue, HasNothingDueWhenEmpty) { EXPECT_EQ(CommitQueue().due(), kNever); }

// Plain results wait for company, which is what makes them cheap.
TEST(CommitQueue, PlainBatchIsDueAfterASecond) {
  CommitQueue queue;
  queue.push(results(1), {}, kStart);
  queue.push(results(1), {}, kStart + 300ms);
  EXPECT_EQ(queue.due(), kStart + 1s);
}

TEST(CommitQueue, TransitionIsDueAfterTwentyMilliseconds) {
  CommitQueue queue;
  queue.push(urgent(), {}, kStart);
  EXPECT_EQ(queue.due(), kStart + 20ms);
}

// Order is kept, so what waits before an urgent batch must not hold it up.
TEST(CommitQueue, UrgentBatchTakesTheOthersAlong) {
  CommitQueue queue;
  queue.push(results(1), {}, kStart);
  queue.push(urgent(), {}, kStart + 500ms);
  EXPECT_EQ(queue.due(), kStart + 520ms);
  EXPECT_EQ(queue.take().size(), 2U);
  EXPECT_TRUE(queue.empty());
}

TEST(CommitQueue, ThousandRowsWaitNoMore) {
  CommitQueue queue;
  queue.push(results(999), {}, kStart);
  EXPECT_EQ(queue.due(), kStart + 1s);
  queue.push(results(1), {}, kStart);
  EXPECT_LT(queue.due(), kStart);
}

TEST(CommitQueue, TransactionIsBounded) {
  CommitQueue queue;
  for (int batch = 0; batch < 3; ++batch) {
    queue.push(results(kTransactionRowsMax / 2), {}, kStart);
  }
  EXPECT_EQ(queue.take().size(), 2U);
  EXPECT_EQ(queue.take().size(), 1U);
  EXPECT_EQ(queue.rows(), 0U);
}

// A batch is never torn, however large.
TEST(CommitQueue, LargeBatchGoesAlone) {
  CommitQueue queue;
  queue.push(results(1), {}, kStart);
  queue.push(results(kTransactionRowsMax * 2), {}, kStart);
  EXPECT_EQ(queue.take().size(), 1U);
  EXPECT_EQ(queue.take().front().batch.rows(), kTransactionRowsMax * 2);
}

// A disk that does not keep up costs results, never a decision, and the loss is counted.
TEST(CommitQueue, DropsOnlyResultsWhenFull) {
  CommitQueue queue(/*rows_max=*/100);
  queue.push(results(100), {}, kStart);
  WriteBatch both = urgent();
  both.attempts.resize(3);
  queue.push(std::move(both), {}, kStart);
  EXPECT_EQ(queue.results_dropped(), 3U);
  const std::vector<QueuedBatch> taken = queue.take();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].batch.attempts.size(), 100U);
  EXPECT_EQ(taken[1].batch.incidents.size(), 1U);
  EXPECT_EQ(taken[1].batch.attempts.size(), 0U);
  EXPECT_EQ(taken[1].results_dropped, 3U);
}

}  // namespace
}  // namespace tocsin
