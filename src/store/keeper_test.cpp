#include "store/keeper.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/scratch_folder.h"
#include "store/fixtures.h"
#include "store/migrations.h"
#include "store/reader.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::kNow;
using fixtures::passed;

class StoreKeeper : public testing::Test {
 protected:
  void SetUp() override {
    Result<std::unique_ptr<Keeper>> opened = Keeper::open(
        {.dir = temp_.path(), .retention = {}, .own_thread = false, .reserve_bytes = 0}, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    keeper_ = std::move(*opened);
  }
  static WriteBatch monitor(int64_t uid, std::string id) {
    WriteBatch batch;
    MonitorRow& row = batch.monitors.emplace_back();
    row.monitor.uid.value = uid;
    row.monitor.project = "p";
    row.monitor.id = std::move(id);
    return batch;
  }
  static WriteBatch result(int64_t monitor) {
    WriteBatch batch;
    batch.attempts.push_back(passed(monitor, kNow, 1ms));
    return batch;
  }
  size_t results(int64_t monitor) {
    return SqliteReader(open_store_reader(temp_.path() / "tocsin.db").value())
        .results({.monitor = {monitor}})
        .value()
        .size();
  }

  ScratchFolder temp_;
  fixtures::TestClock clock_;
  std::unique_ptr<Keeper> keeper_;
};

// Batches that share a transaction must not share a fate: one that breaks a rule of ours is refused
// alone.
TEST_F(StoreKeeper, RefusesOneBatchAndStoresTheOthers) {
  std::vector<WriteBatch> batches;
  batches.push_back(result(1));
  batches.push_back(monitor(1, "web"));
  batches.push_back(monitor(2, "web"));
  batches.push_back(result(2));
  const std::vector<Result<void>> kept = keeper_->write(std::move(batches));
  ASSERT_EQ(kept.size(), 4U);
  EXPECT_TRUE(kept[0] && kept[1] && kept[3]);
  ASSERT_FALSE(kept[2]);
  EXPECT_EQ(kept[2].error().kind, ErrorKind::conflict);
  EXPECT_EQ(results(1), 1U);
  EXPECT_EQ(results(2), 1U);
  EXPECT_FALSE(keeper_->health().is_volatile);
}

// The log does not grow for ever: it is copied into the file between two writes.
TEST_F(StoreKeeper, CopiesTheLogIntoTheFile) {
  const auto file_size = [&] { return std::filesystem::file_size(temp_.path() / "tocsin.db"); };
  const auto before = file_size();
  WriteBatch batch;
  StoredAttempt large = fixtures::failed(1, kNow);
  large.attempt.result.received = std::string(64_KiB, 'x');
  for (int number = 0; number < 70; ++number) {
    large.attempt.result.id.slot += 1s;
    batch.attempts.push_back(large);
  }
  std::vector<WriteBatch> batches;
  batches.push_back(std::move(batch));
  ASSERT_TRUE(keeper_->write(std::move(batches)).front());
  EXPECT_EQ(keeper_->next_tend(), SteadyTime::min());
  EXPECT_EQ(file_size(), before);
  keeper_->tend();
  EXPECT_GT(file_size(), before + 4'000'000);
  EXPECT_GT(keeper_->next_tend(), clock_.steady_now() - 1s);
}

// A reader that stays for long (a backup, a shell) keeps the log from being emptied, no longer than
// it stays: then the log is used from its beginning again and gives its space back.
TEST_F(StoreKeeper, LogGivesItsSpaceBackAfterALongReader) {
  constexpr uintmax_t kLogFileMax = 17_MiB;  // journal_size_limit, and its header
  const auto log_size = [&] { return std::filesystem::file_size(temp_.path() / "tocsin.db-wal"); };
  const auto write_some = [&] {
    std::vector<WriteBatch> batches(1);
    for (const char* id : {"a", "b", "c", "d", "e"}) {
      batches[0].tokens.push_back(
          {.id = id, .hash = {}, .scope = {}, .name = std::string(1_MiB, 'x')});
    }
    ASSERT_TRUE(keeper_->write(std::move(batches)).front());
    keeper_->tend();
  };
  write_some();
  {
    sqlite::Database reader = open_store_reader(temp_.path() / "tocsin.db").value();
    sqlite::Transaction long_reading(reader);
    ASSERT_TRUE(long_reading.begin_reading());
    ASSERT_EQ(reader.number("SELECT count(*) FROM tokens").value(), 5);
    for (int round = 0; round < 6; ++round) {
      write_some();
    }
    EXPECT_GT(log_size(), kLogFileMax);
  }
  write_some();
  write_some();
  EXPECT_LE(log_size(), kLogFileMax);
}

// A page of attempts with large answers is bounded: the last ones come without their bytes, which
// result() still has.
TEST_F(StoreKeeper, PageOfLargeAnswersIsBounded) {
  WriteBatch batch;
  StoredAttempt large = fixtures::failed(1, kNow);
  large.attempt.result.received = std::string(64_KiB, 'x');
  for (int number = 0; number < 140; ++number) {
    large.attempt.result.id.slot = kNow + number * 1s;
    batch.attempts.push_back(large);
  }
  std::vector<WriteBatch> batches;
  batches.push_back(std::move(batch));
  ASSERT_TRUE(keeper_->write(std::move(batches)).front());
  SqliteReader reader(open_store_reader(temp_.path() / "tocsin.db").value());
  const std::vector<StoredResult> page = reader.results({.monitor = {1}, .limit = 1000}).value();
  ASSERT_EQ(page.size(), 140U);
  EXPECT_EQ(page.front().attempt.result.received.size(), 64U * 1024);
  EXPECT_TRUE(page.back().attempt.result.received.empty());
  EXPECT_TRUE(page.back().has_details);
  EXPECT_EQ(reader.result(page.back().attempt.result.id).value()->attempt.result.received.size(),
            64U * 1024);
}

}  // namespace
}  // namespace tocsin
