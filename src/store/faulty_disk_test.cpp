// What the store does when the disk does not: full, fuller than the reserve, broken once, broken at
// every single operation.
#include "store/faulty_disk.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <ostream>

#include "base/scratch_folder.h"
#include "store/fixtures.h"
#include "store/keeper.h"
#include "store/sqlite_store.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::FaultyDisk;
using fixtures::kNow;
using fixtures::passed;
using Operation = FaultyDisk::Operation;

class FaultyDiskStore : public testing::Test {
 protected:
  void open() {
    Result<std::unique_ptr<Store>> opened =
        open_sqlite_store({.dir = temp_.path(),
                           .retention = {},
                           .own_thread = false,
                           .reserve_bytes = fixtures::kSmallReserve},
                          clock_, mailbox_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  void TearDown() override {
    disk_.rule = [](Operation) { return SQLITE_OK; };
    store_.reset();
  }

  // Tick `number`: a result and the transition it made.
  static WriteBatch transition(int number) {
    WriteBatch batch;
    batch.attempts.push_back(passed(number, kNow, 1ms));
    batch.states.push_back({{number}, {}});
    batch.incidents.push_back({.id = {"incident-" + std::to_string(number)}, .monitor = {number}});
    Delivery delivery{.key = "key-" + std::to_string(number), .channel = "ops"};
    delivery.event.incident = batch.incidents[0].id;
    batch.deliveries.push_back(delivery);
    return batch;
  }
  Result<void> keep(WriteBatch batch) {
    return fixtures::keep(*store_, mailbox_, std::move(batch));
  }

  // What of transition `number` can be read: result, incident, delivery.
  std::string stored(int number) {
    const auto reader = store_->reader();
    EXPECT_TRUE(reader) << reader.error().message;
    const IncidentId id{"incident-" + std::to_string(number)};
    std::string parts;
    const size_t results = (*reader)->results({.monitor = {number}}).value().size();
    parts += results == 0 ? "" : "result ";
    // A roll-up says what the results say, whatever had to be done over.
    uint64_t counted = 0;
    const auto hours = (*reader)->hours({number}, kNow - 24h, kNow + 24h).value();
    for (const HourTally& hour : hours) {
      counted += hour.tally.passed;
    }
    EXPECT_EQ(counted, results);
    parts += (*reader)->incident(id).value().has_value() ? "incident " : "";
    parts += (*reader)->deliveries(id).value().empty() ? "" : "delivery ";
    return parts;
  }
  [[nodiscard]] bool has_reserve() const {
    return std::filesystem::exists(temp_.path() / "reserve");
  }
  // No space but what the reserve gives back.
  void fill_disk() {
    disk_.rule = [this](Operation operation) {
      return operation == Operation::write && has_reserve() ? SQLITE_FULL : SQLITE_OK;
    };
  }
  void fill_disk_beyond_the_reserve() {
    disk_.rule = [](Operation operation) {
      return operation == Operation::write ? SQLITE_FULL : SQLITE_OK;
    };
  }
  // Where the reserve would be made something stands, as if its space was missing.
  void block_the_reserve() {
    std::filesystem::create_directories(temp_.path() / "reserve" / "in the way");
  }
  void unblock_the_reserve() { std::filesystem::remove_all(temp_.path() / "reserve"); }
  void repair_disk() {
    disk_.rule = [](Operation) { return SQLITE_OK; };
  }

  FaultyDisk disk_;
  ScratchFolder temp_;
  fixtures::TestClock clock_;
  fixtures::TestMailbox mailbox_;
  std::unique_ptr<Store> store_;
};

// Decisions outlive a full disk; results are dropped, and say so.
TEST_F(FaultyDiskStore, FullDiskKeepsDecisionsInTheSpaceOfTheReserve) {
  open();
  ASSERT_TRUE(keep(transition(1)));
  fill_disk();
  const Result<void> kept = keep(transition(2));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::busy);
  EXPECT_EQ(kept.error().message,
            "no space is left: results were dropped, everything else is stored");
  EXPECT_EQ(stored(1), "result incident delivery ");
  EXPECT_EQ(stored(2), "incident delivery ");
  const StoreHealth health = store_->health();
  EXPECT_TRUE(health.reserve_used);
  EXPECT_FALSE(health.is_volatile);
  EXPECT_EQ(health.results_dropped, 1U);
  EXPECT_FALSE(has_reserve());
}

// A start without room for it must not be the end of the reserve.
TEST_F(FaultyDiskStore, ReserveThatWasMissingAtStartIsMadeLater) {
  block_the_reserve();
  open();
  ASSERT_TRUE(keep(transition(1)));
  unblock_the_reserve();
  EXPECT_FALSE(has_reserve());
  clock_.move(kRetentionEvery);
  ASSERT_TRUE(keep(transition(2)));
  EXPECT_TRUE(has_reserve());
}

// A batch of decisions alone is durable as ever, so its notice says nothing of trouble.
TEST_F(FaultyDiskStore, FullDiskAcknowledgesDecisionsAlone) {
  open();
  fill_disk();
  ASSERT_FALSE(keep(transition(1)));
  WriteBatch decisions = transition(2);
  decisions.attempts.clear();
  EXPECT_TRUE(keep(std::move(decisions)));
}

TEST_F(FaultyDiskStore, SpaceThatReturnsRemakesTheReserve) {
  open();
  fill_disk();
  ASSERT_FALSE(keep(transition(1)));
  repair_disk();
  clock_.move(kRetryMax);
  ASSERT_TRUE(keep({}));
  EXPECT_TRUE(has_reserve());
  EXPECT_FALSE(store_->health().reserve_used);
  ASSERT_TRUE(keep(transition(2)));
  EXPECT_EQ(stored(2), "result incident delivery ");
}

// Beyond the reserve: nothing is kept, everything is said, and all of it is written when there is
// space.
TEST_F(FaultyDiskStore, FullBeyondTheReserveIsHeldInMemory) {
  open();
  fill_disk_beyond_the_reserve();
  for (int number = 1; number <= 3; ++number) {
    const Result<void> kept = keep(transition(number));
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().kind, ErrorKind::disk_full);
  }
  StoreHealth health = store_->health();
  EXPECT_TRUE(health.is_volatile);
  EXPECT_TRUE(health.reserve_used);
  EXPECT_EQ(health.results_dropped, 3U);
  EXPECT_NE(health.last_error.find("database or disk is full"), std::string::npos)
      << health.last_error;
  EXPECT_EQ(stored(1), "");

  repair_disk();
  clock_.move(kRetryMax);
  ASSERT_TRUE(keep(transition(4)));
  health = store_->health();
  EXPECT_FALSE(health.is_volatile);
  for (int number = 1; number <= 3; ++number) {
    EXPECT_EQ(stored(number), "incident delivery ");
  }
  EXPECT_EQ(stored(4), "result incident delivery ");
  EXPECT_TRUE(has_reserve());
}

// Space for commits came back, not enough for the reserve: states and decisions are kept again, and
// whoever asks is told so. The reserve is tried for anew, as soon as at the beginning.
TEST_F(FaultyDiskStore, SpaceForCommitsAloneEndsVolatile) {
  open();
  fill_disk_beyond_the_reserve();
  ASSERT_FALSE(keep(transition(1)));
  for (int tries = 0; tries < 5; ++tries) {
    clock_.move(kRetryMax);
    ASSERT_FALSE(keep({}));
  }
  repair_disk();
  block_the_reserve();
  clock_.move(kRetryMax);
  WriteBatch decisions = transition(2);
  decisions.attempts.clear();
  ASSERT_TRUE(keep(std::move(decisions)));
  EXPECT_EQ(stored(1), "incident delivery ");
  EXPECT_EQ(stored(2), "incident delivery ");
  EXPECT_FALSE(store_->health().is_volatile);
  EXPECT_TRUE(store_->health().reserve_used);
  unblock_the_reserve();
  clock_.move(2 * kRetryFirst);
  ASSERT_TRUE(keep({}));
  EXPECT_TRUE(has_reserve());
  EXPECT_FALSE(store_->health().reserve_used);
}

// Held values survive a close when space came back just before it.
TEST_F(FaultyDiskStore, ClosingTriesOnceMore) {
  open();
  fill_disk_beyond_the_reserve();
  ASSERT_FALSE(keep(transition(1)));
  repair_disk();
  store_->close();
  open();
  EXPECT_EQ(stored(1), "incident delivery ");
}

// A disk that was full when we started gets the reserve's space to start on.
TEST_F(FaultyDiskStore, StartsOnAFullDisk) {
  open();
  ASSERT_TRUE(keep(transition(1)));
  store_.reset();
  std::filesystem::remove(temp_.path() / "tocsin.db");
  fill_disk();
  open();
  EXPECT_TRUE(store_->health().reserve_used);
  WriteBatch decisions = transition(2);
  decisions.attempts.clear();
  EXPECT_TRUE(keep(std::move(decisions)));
}

// fsync may say "done" the second time without having written what the first one lost, so the
// handle is given up.
TEST_F(FaultyDiskStore, FailedSyncIsNeverRepeatedOnItsHandle) {
  open();
  ASSERT_TRUE(keep(transition(1)));
  bool failed = false;
  disk_.rule = [&failed](Operation operation) {
    if (operation == Operation::sync && !failed) {
      failed = true;
      return SQLITE_IOERR_FSYNC;
    }
    return SQLITE_OK;
  };
  EXPECT_TRUE(keep(transition(2)));
  EXPECT_TRUE(failed);
  EXPECT_EQ(disk_.used_after_failed_sync(), 0);
  EXPECT_FALSE(store_->health().is_volatile);
  EXPECT_EQ(stored(2), "result incident delivery ");
}

TEST_F(FaultyDiskStore, DiskThatKeepsFailingIsVolatileUntilItDoesNot) {
  open();
  disk_.rule = [](Operation operation) {
    return operation == Operation::sync ? SQLITE_IOERR_FSYNC : SQLITE_OK;
  };
  const Result<void> kept = keep(transition(1));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::io);
  EXPECT_TRUE(store_->health().is_volatile);
  EXPECT_FALSE(store_->health().reserve_used);
  for (int tries = 0; tries < 5; ++tries) {
    clock_.move(kRetryMax);
    EXPECT_FALSE(keep({}));
  }
  EXPECT_EQ(disk_.used_after_failed_sync(), 0);
  repair_disk();
  clock_.move(kRetryMax);
  EXPECT_TRUE(keep({}));
  EXPECT_FALSE(store_->health().is_volatile);
  // The result may have reached the log before the sync failed.
  EXPECT_NE(stored(1).find("incident delivery "), std::string::npos);
}

// Between two tries nothing is asked of a broken disk: it would slow the one thing that still
// works.
TEST_F(FaultyDiskStore, TriesAgainWithGrowingPauses) {
  open();
  fill_disk_beyond_the_reserve();
  ASSERT_FALSE(keep(transition(1)));
  const int before = disk_.operations();
  ASSERT_FALSE(keep(transition(2)));
  EXPECT_EQ(disk_.operations(), before);
  clock_.move(kRetryFirst);
  ASSERT_FALSE(keep(transition(3)));
  EXPECT_GT(disk_.operations(), before);
}

// Fail at the Nth operation, N = 1, 2, ... until everything passes: at each point a batch is whole
// or not there, and what was acknowledged is there. The disk is full or fails from there on, or
// only this once.
struct Fault {
  std::string name;
  int code;  // of a write; a sync fails as syncs do
  bool once;
};
void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }
class FaultyDiskStoreAt : public FaultyDiskStore, public testing::WithParamInterface<Fault> {};

TEST_P(FaultyDiskStoreAt, EveryOperationLeavesAllOrNothing) {
  bool reached_end = false;
  for (int fails_at = 1; !reached_end; ++fails_at) {
    ASSERT_LT(fails_at, 500);
    open();
    int asked = 0;
    disk_.rule = [&](Operation operation) {
      ++asked;
      const bool fails = GetParam().once ? asked == fails_at : asked >= fails_at;
      const int code = operation == Operation::sync ? SQLITE_IOERR_FSYNC : GetParam().code;
      return fails ? code : SQLITE_OK;
    };
    const Result<void> first = keep(transition(2 * fails_at));
    const Result<void> second = keep(transition((2 * fails_at) + 1));
    reached_end = asked < fails_at;
    repair_disk();
    // As after kill -9: what the keeper holds in memory is gone.
    for (const auto& [number, kept] :
         {std::pair(2 * fails_at, first), std::pair((2 * fails_at) + 1, second)}) {
      const std::string parts = stored(number);
      if (kept) {
        ASSERT_EQ(parts, "result incident delivery ") << "operation " << fails_at;
      } else {
        ASSERT_TRUE(parts.empty() || parts == "incident delivery " ||
                    parts == "result incident delivery ")
            << "operation " << fails_at << ": " << parts;
      }
    }
    clock_.move(kRetryMax);
    ASSERT_TRUE(keep({})) << "operation " << fails_at;
    ASSERT_NE(stored(2 * fails_at).find("incident delivery "), std::string::npos);
    ASSERT_NE(stored((2 * fails_at) + 1).find("incident delivery "), std::string::npos);
    ASSERT_EQ(disk_.used_after_failed_sync(), 0) << "operation " << fails_at;
    store_.reset();
  }
}

INSTANTIATE_TEST_SUITE_P(Disk, FaultyDiskStoreAt,
                         testing::Values(Fault{"full", SQLITE_FULL, false},
                                         Fault{"full_once", SQLITE_FULL, true},
                                         Fault{"broken", SQLITE_IOERR_WRITE, false},
                                         Fault{"broken_once", SQLITE_IOERR_WRITE, true}),
                         [](const auto& fault) { return fault.param.name; });

}  // namespace
}  // namespace tocsin
