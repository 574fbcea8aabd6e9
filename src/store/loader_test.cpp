#include "store/loader.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/scratch_folder.h"
#include "store/fixtures.h"
#include "store/json.h"
#include "store/migrations.h"
#include "store/sqlite_store.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::Dice;
using fixtures::kNow;

constexpr int64_t kMonitors = 50;
constexpr LoadSettings kAlone{.readers = 0, .monitors_a_piece = 1000};
constexpr LoadSettings kAloneInPieces{.readers = 0, .monitors_a_piece = 1};
constexpr LoadSettings kTogether{.readers = 3, .monitors_a_piece = 3};

// A store of monitors of all kinds, some retired, some with results in rows, some with plain
// passes, some with both or none.
class LoaderTest : public testing::Test {
 protected:
  void SetUp() override {
    auto store = open_sqlite_store({.dir = folder_.path(),
                                    .retention = {},
                                    .own_thread = false,
                                    .reserve_bytes = fixtures::kSmallReserve},
                                   clock_, mailbox_);
    ASSERT_TRUE(store) << store.error().message;
    const Result<void> kept = fixtures::keep(**store, mailbox_, some_batch());
    ASSERT_TRUE(kept) << kept.error().message;
    (*store)->close();
  }

  static WriteBatch some_batch() {
    WriteBatch batch;
    Dice dice(7);
    for (int64_t uid = 1; uid <= kMonitors; ++uid) {
      MonitorRow& row = batch.monitors.emplace_back();
      row.monitor.uid = {uid};
      row.monitor.definition = std::make_shared<const Monitor>(fixtures::some_monitor(dice));
      row.monitor.project = "p";
      row.monitor.id = "m" + std::to_string(uid);
      row.monitor.retired = uid % 7 == 0;
      row.state.status.kind = StatusKind::up;
      row.state.status.slot = kNow;
      if (uid % 3 == 0) {
        batch.attempts.push_back(fixtures::passed(uid, kNow + 60s, 5ms));
      }
      if (uid % 5 < 2) {
        const StoredAttempt newer = fixtures::passed(uid, kNow + 120s, 5ms);
        batch.passes.push_back(plain_pass_of(newer.attempt.result, PassForm::other).value());
      }
    }
    return batch;
  }

  // What the state of that monitor of some_batch() is moved to.
  static SystemTime slot_of(int64_t uid) {
    if (uid % 7 == 0) {
      return kNow;
    }
    return uid % 5 < 2 ? kNow + 120s : uid % 3 == 0 ? kNow + 60s : kNow;
  }

  Result<std::vector<MonitorRow>> load(const LoadSettings& settings) {
    std::vector<MonitorRow> rows;
    const Result<LoadedStore> loaded =
        load_store(file(), settings, [&](std::span<LoadedMonitor> some, size_t all) {
          EXPECT_EQ(all, static_cast<size_t>(kMonitors));
          std::ranges::transform(some, std::back_inserter(rows), fixtures::row_of);
        });
    return loaded ? Result<std::vector<MonitorRow>>(std::move(rows))
                  : std::unexpected(loaded.error());
  }
  void execute(const char* sql) {
    Result<sqlite::Database> database = open_store_file(file());
    ASSERT_TRUE(database) << database.error().message;
    ASSERT_TRUE(database->execute(sql));
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "tocsin.db"; }

  ScratchFolder folder_;
  fixtures::TestClock clock_;
  fixtures::TestMailbox mailbox_;
};

// However many read at once: every monitor is there, in order, with the state of its newest result.
TEST_F(LoaderTest, ThreadsReadTheSameAsOneAlone) {
  const auto alone = load(kAlone);
  const auto together = load(kTogether);
  ASSERT_TRUE(alone) << alone.error().message;
  ASSERT_TRUE(together) << together.error().message;
  ASSERT_EQ(alone->size(), static_cast<size_t>(kMonitors));
  EXPECT_EQ(load(kAloneInPieces)->size(), alone->size()) << "more pieces than may be ahead";
  ASSERT_EQ(together->size(), alone->size());
  for (size_t i = 0; i < alone->size(); ++i) {
    const MonitorRow& row = together->at(i);
    const auto uid = static_cast<int64_t>(i) + 1;
    EXPECT_EQ(row.monitor.uid, MonitorUid{uid});
    EXPECT_EQ(row.monitor.retired, uid % 7 == 0);
    EXPECT_EQ(row.state.status.slot, slot_of(uid)) << uid;
    EXPECT_TRUE(row.state == alone->at(i).state) << uid;
    EXPECT_TRUE(fixtures::is_same(*row.monitor.definition, *alone->at(i).monitor.definition));
  }
}

// Only those of the API stay packed, and of them no one whose channels are asked for together with
// those of all others, or whose password has to be opened.
TEST_F(LoaderTest, DefinitionsThatAllAreAskedForAtOnceAreWhole) {
  const auto definition = [](const std::string& project) {
    Monitor monitor;
    monitor.project = project;
    monitor.id = "m";
    monitor.target = *Target::parse("127.0.0.1:80");
    return monitor;
  };
  Monitor with_channels = definition("ui");
  with_channels.channels = {"ops"};
  Monitor with_proxy = definition("ui");
  with_proxy.proxy = Proxy{.kind = ProxyKind::socks5, .at = *Target::parse("127.0.0.1:1080")};
  for (const auto& [monitor, is_packed] : {std::pair(definition("ui"), true),
                                           {definition("p"), false},
                                           {with_channels, false},
                                           {with_proxy, false}}) {
    Result<sqlite::Database> database = open_store_file(file());
    ASSERT_TRUE(database->run("UPDATE monitors SET definition = ?", {to_json(monitor)}));
    const Result<LoadedStore> loaded =
        load_store(file(), kTogether, [&](std::span<LoadedMonitor> some, size_t) {
          for (const LoadedMonitor& each : some) {
            EXPECT_EQ(each.definition.is_packed(), is_packed) << to_json(monitor);
            EXPECT_TRUE(each.brief == brief_of(*each.definition));
          }
        });
    ASSERT_TRUE(loaded) << loaded.error().message;
  }
}

// Nobody waits for ever for the pieces behind one that cannot be read.
TEST_F(LoaderTest, OneUnreadableMonitorEndsTheReadingOfAll) {
  execute("UPDATE monitors SET definition = '{}}' WHERE uid = 20");
  for (const LoadSettings& settings : {kAlone, kTogether}) {
    const auto loaded = load(settings);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().kind, ErrorKind::corrupt);
    EXPECT_EQ(loaded.error().message, "m20: stored monitor: it is not JSON");
  }
}

}  // namespace
}  // namespace tocsin
