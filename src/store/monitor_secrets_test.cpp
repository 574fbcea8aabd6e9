// The password of a monitor's proxy on the disk: nothing that can be read, and what is left when
// the key is lost.
#include "store/monitor_secrets.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/scratch_folder.h"
#include "store/sqlite_store.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::TestClock;
using fixtures::TestMailbox;

constexpr const char* kCanary = "canary-4711";

MonitorRow row_of(int64_t uid, const std::string& id) {
  MonitorRow row;
  row.monitor.uid.value = uid;
  row.monitor.project = kUiProject;
  row.monitor.id = id;
  Monitor definition;
  definition.project = kUiProject;
  definition.id = id;
  definition.target = Target::parse("db:5432").value();
  definition.proxy = parse_proxy("socks5://probe:canary-4711@proxy:1080").value();
  row.monitor.definition = std::make_shared<const Monitor>(std::move(definition));
  return row;
}

class MonitorSecrets : public testing::Test {
 protected:
  void SetUp() override { reopen(); }
  void TearDown() override { store_->close(); }

  void reopen() {
    if (store_) {
      store_->close();
    }
    auto opened = open_sqlite_store({.dir = dir(),
                                     .retention = {},
                                     .own_thread = false,
                                     .reserve_bytes = fixtures::kSmallReserve,
                                     .forget_lost_secrets = forget_},
                                    clock_, mailbox_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  Result<void> keep(MonitorRow row) {
    WriteBatch batch;
    batch.monitors.push_back(std::move(row));
    return fixtures::keep(*store_, mailbox_, std::move(batch));
  }
  [[nodiscard]] std::filesystem::path dir() const { return temp_.path() / "data"; }

  ScratchFolder temp_;
  TestClock clock_;
  TestMailbox mailbox_;
  std::unique_ptr<Store> store_;
  bool forget_ = false;
};

TEST_F(MonitorSecrets, NoFileHoldsThePasswordAndItComesBack) {
  ASSERT_TRUE(keep(row_of(1, "db")));
  ASSERT_TRUE(keep(row_of(2, "mail")));
  for (const auto& entry : std::filesystem::directory_iterator(dir())) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(bytes.find(kCanary), std::string::npos) << entry.path();
  }
  reopen();
  const Result<fixtures::WholeStore> loaded = fixtures::load_whole(*store_);
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->monitors.size(), 2U);
  EXPECT_EQ(loaded->monitors[0].monitor.definition->proxy,
            row_of(1, "db").monitor.definition->proxy);
}

TEST_F(MonitorSecrets, ALostKeyIsAnErrorThatSaysWhatToDo) {
  ASSERT_TRUE(keep(row_of(1, "db")));
  std::filesystem::rename(dir() / "key", temp_.path() / "kept");
  reopen();
  const Result<fixtures::WholeStore> loaded = fixtures::load_whole(*store_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, ErrorKind::conflict);
  EXPECT_NE(loaded.error().message.find("(db)"), std::string::npos) << loaded.error().message;
  EXPECT_NE(loaded.error().message.find("--forget-secrets"), std::string::npos);
  // Nor is another key made beside it, which would lock the first out for ever.
  EXPECT_FALSE(keep(row_of(2, "mail")));
  std::filesystem::rename(temp_.path() / "kept", dir() / "key");
  EXPECT_TRUE(fixtures::load_whole(*store_));
}

TEST_F(MonitorSecrets, WhoForgetsThemEntersThemAgain) {
  ASSERT_TRUE(keep(row_of(1, "db")));
  std::filesystem::remove(dir() / "key");
  forget_ = true;
  reopen();
  const Result<fixtures::WholeStore> loaded = fixtures::load_whole(*store_);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_TRUE(loaded->monitors.at(0).monitor.definition->proxy->password.empty());
  EXPECT_EQ(loaded->monitors.at(0).monitor.definition->proxy->user, "probe");
}

}  // namespace
}  // namespace tocsin
