// The log of plain passes against a plain list of them: whatever was committed, put together and
// counted, every question has the answer that looking through the list gives.
#include "store/pass_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/scratch_folder.h"
#include "store/faulty_disk.h"
#include "store/fixtures.h"
#include "store/history.h"
#include "store/migrations.h"
#include "store/newest_slots.h"
#include "store/pass_search.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::Dice;
using fixtures::kNow;

// 0 to `end` - 1.
int64_t below(Dice& dice, int64_t end) { return dice.number<int64_t>(0, end - 1); }

class PassLogTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    database_.reset();
    Result<sqlite::Database> opened = open_store_file(folder_.path() / "tocsin.db");
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = std::move(*opened);
    log_ = PassLog(1);  // counting takes several pieces
    rollup_ = Rollup();
  }

  static PlainPass pass_of(int64_t monitor, SystemTime slot, uint32_t response) {
    return {.slot = slot,
            .monitor = {monitor},
            .clock_epoch = 1,
            .response = response,
            .connect = response,
            .has = PlainPass::has_connect,
            .form = PassForm::connected};
  }

  // How many of them were new.
  size_t commit(const std::vector<PlainPass>& passes) {
    sqlite::Transaction transaction(*database_);
    EXPECT_TRUE(transaction.begin());
    size_t added = 0;
    for (const PlainPass& pass : passes) {
      const Result<bool> is_new = log_.add(*database_, pass);
      EXPECT_TRUE(is_new) << is_new.error().message;
      if (is_new && *is_new) {
        ++added;
        all_.push_back(pass);
      }
    }
    EXPECT_TRUE(log_.write(*database_));
    EXPECT_TRUE(transaction.commit());
    return added;
  }
  void tend_once() {
    const Result<void> done = log_.tend(*database_, rollup_);
    ASSERT_TRUE(done) << done.error().message;
  }
  void tend_all() {
    while (log_.owes()) {
      tend_once();
    }
  }
  int64_t segments() {
    return database_->number("SELECT count(*) FROM segments").value().value_or(0);
  }

  // Those of one monitor that `fits` lets through, newest first.
  template <class Fits>
  std::vector<PlainPass> expected(MonitorUid monitor, Fits fits) {
    std::vector<PlainPass> found;
    std::ranges::copy_if(all_, std::back_inserter(found), [&](const PlainPass& pass) {
      return pass.monitor == monitor && fits(pass);
    });
    std::ranges::sort(found, std::ranges::greater(),
                      [](const PlainPass& pass) { return place_of(pass); });
    return found;
  }
  void expect_lists(Dice& dice, int64_t monitors);
  void expect_hours(int64_t monitors);
  void expect_newest(int64_t monitors);

  ScratchFolder folder_;
  std::optional<sqlite::Database> database_;
  PassLog log_;
  Rollup rollup_;
  std::vector<PlainPass> all_;
};

void PassLogTest::expect_lists(Dice& dice, int64_t monitors) {
  const MonitorUid monitor{1 + below(dice, monitors)};
  const PlainPass& some = all_[static_cast<size_t>(below(dice, std::ssize(all_)))];
  const TimeSpan span{.from = some.slot - 1s * below(dice, 3000),
                      .to = some.slot + 1s * below(dice, 9000)};
  const size_t limit = static_cast<size_t>(1 + below(dice, 80));
  std::vector<PlainPass> wanted =
      expected(monitor, [&](const PlainPass& pass) { return span.holds(pass.slot); });
  auto oldest = wanted;
  std::ranges::reverse(oldest);
  wanted.resize(std::min(wanted.size(), limit));
  oldest.resize(std::min(oldest.size(), limit));
  const PassQuery query{.monitor = monitor, .span = span, .limit = limit};
  EXPECT_EQ(newest_passes(*database_, query).value(), wanted);
  EXPECT_EQ(oldest_passes(*database_, query).value(), oldest);

  const ResultId id = id_of(some);
  const auto around = [&](bool is_before) {
    return expected(some.monitor, [&](const PlainPass& pass) {
      return is_before ? place_of(pass) < place_of(id) : place_of(pass) > place_of(id);
    });
  };
  const auto previous = newest_passes(*database_, {.monitor = some.monitor, .before = id}).value();
  const auto next = oldest_passes(*database_, {.monitor = some.monitor, .after = id}).value();
  ASSERT_EQ(previous.size(), around(true).empty() ? 0U : 1U);
  ASSERT_EQ(next.size(), around(false).empty() ? 0U : 1U);
  if (!previous.empty()) {
    EXPECT_EQ(previous.front(), around(true).front());
  }
  if (!next.empty()) {
    EXPECT_EQ(next.front(), around(false).back());
  }
  EXPECT_EQ(find_pass(*database_, id).value(), some);
  ResultId missing = id;
  missing.slot += 1us;
  EXPECT_FALSE(find_pass(*database_, missing).value());
}

void PassLogTest::expect_hours(int64_t monitors) {
  const TimeSpan always{.from = kNow - 24h, .to = kNow + 24h * 3};
  for (int64_t monitor = 1; monitor <= monitors; ++monitor) {
    std::map<SystemTime, Tally> wanted;
    for (const PlainPass& pass : expected({monitor}, [](const PlainPass&) { return true; })) {
      wanted[hour_of(pass.slot)].add(Verdict::passed, Duration(pass.response), phases_of(pass));
    }
    const auto hours = list_hours(*database_, {monitor}, always).value();
    ASSERT_EQ(hours.size(), wanted.size()) << monitor;
    for (const HourTally& hour : hours) {
      EXPECT_TRUE(hour.tally == wanted[hour.hour]) << monitor;
    }
  }
}

void PassLogTest::expect_newest(int64_t monitors) {
  std::vector<MonitorUid> asked;
  for (int64_t monitor = 1; monitor <= monitors + 1; ++monitor) {
    asked.push_back({monitor});
  }
  constexpr size_t kCount = 7;
  const auto each = newest_passes_of_each(*database_, asked, kCount).value();
  const NewestSlots slots = NewestSlots::read(*database_, asked, 1).value();
  for (size_t index = 0; index < asked.size(); ++index) {
    auto wanted = expected(asked[index], [](const PlainPass&) { return true; });
    EXPECT_EQ(slots.of(index).empty(), wanted.empty());
    if (!wanted.empty()) {
      ASSERT_EQ(slots.of(index).size(), 1U);
      EXPECT_EQ(slots.of(index).front(), wanted.front());
    }
    wanted.resize(std::min(wanted.size(), kCount));
    EXPECT_EQ(each[index], wanted);
  }
}

// Ninety minutes of monitors that run every second to every minute, asked at every stage.
TEST_F(PassLogTest, AnswersAsTheListDoes) {
  constexpr int64_t kMonitors = 25;
  constexpr int kSeconds = 90 * 60;
  Dice dice(7);
  for (int second = 0; second < kSeconds; ++second) {
    std::vector<PlainPass> batch;
    for (int64_t monitor = 1; monitor <= kMonitors; ++monitor) {
      if (second % (1 + (monitor * monitor / 10)) == 0) {
        batch.push_back(pass_of(monitor, kNow + 1s * second, dice.number<uint32_t>(100, 9000)));
      }
    }
    if (!batch.empty()) {
      ASSERT_EQ(commit(batch), batch.size());
    }
    if (log_.owes() && below(dice, 3) > 0) {
      tend_once();
      if (load_counted(*database_).value().is_under_way() && below(dice, 4) == 0) {
        expect_hours(kMonitors);
        expect_lists(dice, kMonitors);
      }
    }
    if (below(dice, 400) == 0) {
      expect_lists(dice, kMonitors);
      expect_newest(kMonitors);
    }
    if (below(dice, 2500) == 0) {
      expect_hours(kMonitors);
      open();
    }
  }
  tend_all();
  expect_hours(kMonitors);
  expect_newest(kMonitors);
  EXPECT_LT(segments(), 120);
}

TEST_F(PassLogTest, RepeatedPassCountsOnce) {
  const PlainPass first = pass_of(1, kNow, 300);
  PlainPass other = first;
  other.response = 999;
  EXPECT_EQ(commit({first, other}), 1U);
  EXPECT_EQ(commit({other, pass_of(1, kNow + 1s, 400)}), 1U);
  open();
  EXPECT_EQ(commit({other, pass_of(1, kNow + 2s, 500)}), 1U);
  tend_all();
  EXPECT_EQ(commit({other}), 0U);
  expect_hours(1);
  EXPECT_EQ(find_pass(*database_, id_of(first)).value(), first);
}

// An older one that comes late is none the less new.
TEST_F(PassLogTest, LatePassIsKept) {
  EXPECT_EQ(commit({pass_of(1, kNow + 10s, 300)}), 1U);
  EXPECT_EQ(commit({pass_of(1, kNow, 400), pass_of(2, kNow - 48h, 500)}), 2U);
  EXPECT_EQ(newest_passes(*database_, {.monitor = {1}, .limit = 9}).value().size(), 2U);
  // Too far apart for one segment.
  EXPECT_EQ(segments(), 3);
}

// A clock that was set back begins a new epoch: its slots are new though they were there before.
TEST_F(PassLogTest, EpochsStandApart) {
  commit({pass_of(1, kNow, 300), pass_of(1, kNow + 60s, 301)});
  PlainPass again = pass_of(1, kNow, 400);
  again.clock_epoch = 2;
  EXPECT_EQ(commit({again}), 1U);
  EXPECT_EQ(commit({again}), 0U);
  const std::vector<MonitorUid> asked{{1}};
  const NewestSlots of_second = NewestSlots::read(*database_, asked, 2).value();
  ASSERT_EQ(of_second.of(0).size(), 1U);
  EXPECT_EQ(of_second.of(0).front(), again);
  EXPECT_EQ(NewestSlots::read(*database_, asked, 1).value().of(0).front().slot, kNow + 60s);
  EXPECT_EQ(find_pass(*database_, id_of(again)).value(), again);
}

// What was taken for a transaction that came to nothing is not there, and not in the way.
TEST_F(PassLogTest, ForgetsWhatWasNotCommitted) {
  const PlainPass pass = pass_of(1, kNow, 300);
  {
    sqlite::Transaction transaction(*database_);
    ASSERT_TRUE(transaction.begin());
    ASSERT_TRUE(log_.add(*database_, pass).value());
    ASSERT_TRUE(log_.write(*database_));
  }
  log_.forget();
  EXPECT_FALSE(find_pass(*database_, id_of(pass)).value());
  EXPECT_EQ(commit({pass}), 1U);
  EXPECT_EQ(commit({pass}), 0U);
}

// The newest number is taken away when segments are put together, and must not come again: what
// has it would look counted.
TEST_F(PassLogTest, NumbersOnlyGrow) {
  for (int second = 0; second < 700; ++second) {
    commit({pass_of(1, kNow + 1s * second, 300)});
  }
  tend_all();
  open();
  commit({pass_of(1, kNow + 700s, 300)});
  expect_hours(1);
}

// Fail from the Nth operation on, N = 1, 2, ... until everything passes: what was put together or
// counted stays so or was never begun, and nothing is counted twice.
TEST_F(PassLogTest, DiskThatFailsInBetweenLosesNothing) {
  constexpr int kCommits = 40;
  constexpr Duration kApart = 20s;  // more than ten minutes in all: there is something to count
  fixtures::FaultyDisk disk;
  bool reached_end = false;
  int fails_at = 1;
  for (; !reached_end; ++fails_at) {
    ASSERT_LT(fails_at, 200);
    database_.reset();
    std::filesystem::remove(folder_.path() / "tocsin.db");
    all_.clear();
    open();
    for (int number = 0; number < kCommits; ++number) {
      commit({pass_of(1 + (number % 3), kNow + number * kApart, 300)});
    }
    int asked = 0;
    disk.rule = [&](fixtures::FaultyDisk::Operation) {
      return ++asked >= fails_at ? SQLITE_IOERR_WRITE : SQLITE_OK;
    };
    while (log_.owes() && log_.tend(*database_, rollup_)) {
    }
    reached_end = asked < fails_at;
    database_->abandon();
    disk.rule = [](fixtures::FaultyDisk::Operation) { return SQLITE_OK; };
    open();
    expect_hours(3);
    tend_all();
    expect_hours(3);
    expect_newest(3);
  }
  EXPECT_GT(fails_at, 4);
  database_.reset();  // before the disk it stands on
}

TEST_F(PassLogTest, DamagedSegmentIsNoAnswer) {
  commit({pass_of(1, kNow, 300)});
  ASSERT_TRUE(database_->execute("UPDATE segments SET passes = x'545347'"));
  const auto found = newest_passes(*database_, {.monitor = {1}});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::corrupt);
  EXPECT_FALSE(list_hours(*database_, {1}, {.from = kNow - 24h, .to = kNow + 24h}));
}

}  // namespace
}  // namespace tocsin
