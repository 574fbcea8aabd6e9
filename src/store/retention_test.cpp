#include "store/retention.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/scratch_folder.h"
#include "store/fixtures.h"
#include "store/keeper.h"
#include "store/sqlite_store.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::failed;
using fixtures::kNow;
using fixtures::passed;

class StoreRetention : public testing::Test {
 protected:
  void SetUp() override {
    Result<std::unique_ptr<Store>> opened =
        open_sqlite_store({.dir = temp_.path(),
                           .retention = {.raw = 24h, .failures = 48h, .hourly = 72h},
                           .own_thread = false,
                           .reserve_bytes = 0},
                          clock_, mailbox_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  void keep(WriteBatch batch) { ASSERT_TRUE(fixtures::keep(*store_, mailbox_, std::move(batch))); }
  // Time goes on; then the writer, which is idle, does some pieces of what there is to do.
  void let_pass(Duration time) {
    constexpr int kPieces = 4;
    clock_.move(time);
    for (int piece = 0; piece < kPieces; ++piece) {
      keep({});
    }
  }
  [[nodiscard]] size_t results() const {
    return (*store_->reader())->results({.monitor = {1}, .limit = 1000}).value().size();
  }
  [[nodiscard]] size_t hours() const {
    return (*store_->reader())->hours({1}, kNow - 24h * 30, kNow + 24h * 30).value().size();
  }

  ScratchFolder temp_;
  fixtures::TestClock clock_;
  fixtures::TestMailbox mailbox_;
  std::unique_ptr<Store> store_;
};

// A pass lives 24 h here, a failure 48 h, an hour 72 h: each goes in its turn and nothing else with
// it.
TEST_F(StoreRetention, EachKindGoesAtItsTime) {
  WriteBatch batch;
  batch.attempts = {passed(1, kNow, 1ms), failed(1, kNow + 1s)};
  batch.incidents.push_back({.id = {"kept-for-ever"}});
  keep(std::move(batch));
  let_pass(23h);
  EXPECT_EQ(results(), 2U);
  let_pass(1h + 1min);
  EXPECT_EQ(results(), 1U);
  let_pass(24h);
  EXPECT_EQ(results(), 0U);
  EXPECT_EQ(hours(), 1U);
  let_pass(25h);
  EXPECT_EQ(hours(), 0U);
  EXPECT_TRUE((*store_->reader())->incident({"kept-for-ever"}).value().has_value());
}

// A failure is shown in full although its numbers are gone.
TEST_F(StoreRetention, FailureOutlivesItsNumbers) {
  WriteBatch batch;
  batch.attempts = {failed(1, kNow)};
  const Attempt wanted = batch.attempts[0].attempt;
  keep(std::move(batch));
  let_pass(30h);
  const auto left =
      (*store_->reader())->results({.monitor = {1}, .verdict = Verdict::failed}).value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_TRUE(left[0].attempt == wanted);
  EXPECT_TRUE((*store_->reader())->result(wanted.result.id).value().has_value());
}

// Months of results after a long pause must not keep a transition waiting: one slice at a time.
TEST_F(StoreRetention, DeletesABoundedSliceAtATime) {
  WriteBatch batch;
  for (size_t row = 0; row < kRetentionSliceRows + 1; ++row) {
    batch.attempts.push_back(failed(2, kNow + Duration(static_cast<int64_t>(row))));
  }
  keep(std::move(batch));
  clock_.move(49h);
  const auto left = [&] { return (*store_->reader())->results({.monitor = {2}}).value().size(); };
  for (int slice_of_numbers = 0; slice_of_numbers < 2; ++slice_of_numbers) {
    keep({});
    EXPECT_EQ(left(), kPageDefault);
  }
  keep({});
  EXPECT_EQ(left(), 1U);
  keep({});
  EXPECT_EQ(left(), 0U);
}

// A day that nobody counted yet, because nothing came after it, goes too, and its hour stays.
TEST_F(StoreRetention, CountsPassesBeforeTheyGo) {
  WriteBatch batch;
  batch.attempts = {passed(1, kNow, 1ms), passed(1, kNow + 1s, 3ms)};
  keep(std::move(batch));
  let_pass(25h);
  EXPECT_EQ(results(), 0U);
  const auto hour = (*store_->reader())->hours({1}, kNow - 24h, kNow + 24h).value();
  ASSERT_EQ(hour.size(), 1U);
  EXPECT_EQ(hour[0].tally.passed, 2U);
  EXPECT_EQ(hour[0].tally.sum, 4ms);
}

}  // namespace
}  // namespace tocsin
