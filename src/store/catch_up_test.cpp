// Whatever form the newest results have, and wherever they lie: a state is moved as if all of them
// had been looked at.
#include "store/catch_up.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "base/scratch_folder.h"
#include "core/read_back.h"
#include "store/fixtures.h"
#include "store/sqlite_store.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::Dice;
using fixtures::kNow;

constexpr int64_t kMonitors = 600;
constexpr uint32_t kEpoch = 2;
constexpr size_t kSlots = 5;

SystemTime slot_number(size_t number) { return kNow + static_cast<int64_t>(number) * 60s; }

MonitorState state_before(Dice& dice) {
  constexpr StatusKind kKinds[] = {StatusKind::up, StatusKind::down, StatusKind::unknown,
                                   StatusKind::paused};
  MonitorState state;
  state.status.kind = kKinds[dice.number<size_t>(0, std::size(kKinds) - 1)];
  state.status.clock_epoch = dice.number(0U, 3U) == 0 ? kEpoch - 1 : kEpoch;
  state.status.slot = slot_number(dice.number<size_t>(0, kSlots - 1));
  if (dice.number(0U, 2U) != 0) {
    state.status.last_known = slot_number(dice.number<size_t>(0, kSlots - 1));
  }
  return state;
}

// All that is to be known of it, by looking at every result.
void move_by_all(const std::vector<StoredAttempt>& finals, MonitorState& state) {
  SystemTime newest{};
  for (const StoredAttempt& each : finals) {
    newest = std::max(newest, each.attempt.result.id.slot);
  }
  if (finals.empty() ||
      std::tuple(kEpoch, newest) <= std::tuple(state.status.clock_epoch, state.status.slot)) {
    return;
  }
  for (const StoredAttempt& each : finals) {
    const SystemTime slot = each.attempt.result.id.slot;
    if (slot == newest) {
      read_back(each.attempt, state);
    }
    if (each.attempt.evaluation.verdict != Verdict::unknown &&
        state.status.kind != StatusKind::paused) {
      state.status.last_known = std::max(state.status.last_known, std::optional(slot));
    }
  }
}

class CatchUpTest : public testing::Test {
 protected:
  // Adds a monitor with some results to `batch_`, and where they should move it to `wanted_`.
  void add_monitor(int64_t uid) {
    MonitorRow& row = batch_.monitors.emplace_back();
    row.monitor.uid = {uid};
    row.monitor.project = "p";
    row.monitor.id = "m" + std::to_string(uid);
    row.monitor.definition = definition_;
    row.state = wanted_[uid] = state_before(dice_);
    std::vector<StoredAttempt> finals;
    const size_t slots = dice_.number<size_t>(0, kSlots);
    for (size_t slot = 0; slot < slots; ++slot) {
      for (uint16_t location = 0; location < 2; ++location) {
        add_result(uid, slot_number(slot), location, finals);
      }
    }
    move_by_all(finals, wanted_[uid]);
  }

  void add_result(int64_t uid, SystemTime slot, uint16_t location,
                  std::vector<StoredAttempt>& finals) {
    const auto what = dice_.number(0U, 6U);
    StoredAttempt stored =
        what < 4 ? fixtures::passed(uid, slot, 5ms) : fixtures::failed(uid, slot);
    stored.attempt.result.id.location = location;
    stored.attempt.result.id.clock_epoch = kEpoch;
    if (what < 2) {
      const PlainPass pass = plain_pass_of(stored.attempt.result, PassForm::other).value();
      batch_.passes.push_back(pass);
      stored.attempt = attempt_of(pass);
    } else if (what == 3) {
      stored.attempt.evaluation.verdict = Verdict::unknown;
    } else if (what == 5) {
      stored.final_attempt = false;
    } else if (what == 6) {
      return;
    }
    if (what >= 2) {
      batch_.attempts.push_back(stored);
    }
    if (stored.final_attempt) {
      finals.push_back(stored);
    }
  }

  Dice dice_{11};
  std::shared_ptr<const Monitor> definition_ =
      std::make_shared<const Monitor>(fixtures::some_monitor(dice_));
  WriteBatch batch_;
  std::map<int64_t, MonitorState> wanted_;
  ScratchFolder folder_;
  fixtures::TestClock clock_;
  fixtures::TestMailbox mailbox_;
};

TEST_F(CatchUpTest, MovesAsIfEveryResultHadBeenLookedAt) {
  for (int64_t uid = 1; uid <= kMonitors; ++uid) {
    add_monitor(uid);
  }
  batch_.clock_epoch = kEpoch;
  auto store = open_sqlite_store({.dir = folder_.path(),
                                  .retention = {},
                                  .own_thread = false,
                                  .reserve_bytes = fixtures::kSmallReserve},
                                 clock_, mailbox_);
  ASSERT_TRUE(store) << store.error().message;
  const Result<void> kept = fixtures::keep(**store, mailbox_, std::move(batch_));
  ASSERT_TRUE(kept) << kept.error().message;
  const auto loaded = fixtures::load_whole(**store);
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->monitors.size(), wanted_.size());
  for (const MonitorRow& row : loaded->monitors) {
    const MonitorState& wanted = wanted_.at(row.monitor.uid.value);
    EXPECT_TRUE(row.state.status == wanted.status) << row.monitor.uid.value;
    ASSERT_EQ(row.state.newest.size(), wanted.newest.size()) << row.monitor.uid.value;
    for (const auto& [location, run] : row.state.newest) {  // details of an error stand elsewhere
      EXPECT_EQ(run.slot, wanted.newest.at(location).slot) << row.monitor.uid.value;
      EXPECT_EQ(run.verdict, wanted.newest.at(location).verdict) << row.monitor.uid.value;
    }
  }
}

}  // namespace
}  // namespace tocsin
