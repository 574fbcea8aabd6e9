// Channels of the store: what is on the disk of their secrets (nothing that can be read), and what
// is left when the key is lost.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>

#include "base/scratch_folder.h"
#include "store/channel_form.h"
#include "store/fixtures.h"
#include "store/sqlite_store.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::TestClock;
using fixtures::TestMailbox;

constexpr const char* kCanary = "canary-4711";

ChannelRow webhook_row(const std::string& id) {
  ChannelRow row;
  row.channel.id = id;
  row.channel.name = "Operations";
  row.channel.project = kUiProject;
  row.channel.url = Secret("https://user:canary-4711@hooks.example.com/canary-4711");
  row.channel.secret = Secret("canary-4711-canary-4711-canary");
  row.channel.headers = {{"X-Team", Secret("canary-4711")}, {"X-Key", Secret("")}};
  return row;
}

ChannelRow mail_row(const std::string& id) {
  ChannelRow row;
  row.channel.id = id;
  row.channel.name = id;
  row.channel.project = kUiProject;
  row.channel.type = ChannelType::email;
  row.channel.send = {EventType::down};
  row.channel.to = {"a@example.com"};
  row.channel.from = "t@example.com";
  row.channel.smtp = {.host = "mail.example.com",
                      .port = 587,
                      .security = SmtpSecurity::tls,
                      .username = "watcher",
                      .password = Secret("canary-4711"),
                      .verify = false};
  return row;
}

class ChannelStore : public testing::Test {
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
  void keep(ChannelRow row) {
    WriteBatch batch;
    batch.channels.push_back(std::move(row));
    const Result<void> kept = fixtures::keep(*store_, mailbox_, std::move(batch));
    ASSERT_TRUE(kept) << kept.error().message;
  }
  fixtures::WholeStore load() {
    Result<fixtures::WholeStore> loaded = fixtures::load_whole(*store_);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? std::move(*loaded) : fixtures::WholeStore{};
  }
  void execute(const char* sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open((dir() / "tocsin.db").c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }
  [[nodiscard]] std::filesystem::path dir() const { return temp_.path() / "data"; }

  ScratchFolder temp_;
  TestClock clock_;
  TestMailbox mailbox_;
  std::unique_ptr<Store> store_;
  bool forget_ = false;
};

// A backup that falls into wrong hands without the key gives no secret away: none is in any file,
// the log of the open store and what a change left behind included.
TEST_F(ChannelStore, NoFileHoldsASecret) {
  keep(webhook_row("ops"));
  keep(mail_row("mail"));
  keep(webhook_row("ops"));
  ChannelRow gone = mail_row("mail");
  gone.removed = true;
  keep(gone);
  size_t files = 0;
  bool found_name = false;
  for (const bool is_open : {true, false}) {
    if (!is_open) {
      reopen();
    }
    for (const auto& entry : std::filesystem::directory_iterator(dir())) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      EXPECT_EQ(bytes.find(kCanary), std::string::npos) << entry.path();
      found_name = found_name || bytes.find("Operations") != std::string::npos;
      files += entry.path().filename() == "tocsin.db-wal" ? 1 : 0;
    }
  }
  EXPECT_TRUE(found_name) << "what is no secret can be found, so looking means something";
  EXPECT_GT(files, 0U) << "the log was looked at";
}

// Without the key nothing is loaded, as nobody may be left without alerts unsaid: the message says
// which key, which channels and what to do. With the key back it is as before.
TEST_F(ChannelStore, LostKeyIsAnErrorThatSaysWhatToDo) {
  keep(webhook_row("ops"));
  keep(mail_row("mail"));
  std::filesystem::rename(dir() / "key", temp_.path() / "kept");
  reopen();
  const Result<fixtures::WholeStore> refused = fixtures::load_whole(*store_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
  EXPECT_EQ(refused.error().message,
            "the secrets of channels made over the API cannot be read (mail, ops): " +
                (dir() / "key").string() +
                " is gone. Put the right key back in its place. If it is lost, start once with "
                "--forget-secrets and enter them again");
  std::ofstream(dir() / "key", std::ios::binary) << std::string(32, 'x');
  EXPECT_NE(
      fixtures::load_whole(*store_).error().message.find("is not the key they were sealed with"),
      std::string::npos);
  std::filesystem::rename(temp_.path() / "kept", dir() / "key");
  EXPECT_TRUE(same_definition(load().channels[1].channel, webhook_row("ops").channel));
}

// Whoever goes on without them has channels that say so, over further starts, until they are
// entered again; what had no secret is as before.
TEST_F(ChannelStore, ForgottenSecretsAreMarkedUntilEnteredAgain) {
  keep(webhook_row("ops"));
  ChannelRow plain = mail_row("plain");
  plain.channel.smtp.password = Secret();
  keep(plain);
  std::filesystem::remove(dir() / "key");
  forget_ = true;
  reopen();
  forget_ = false;
  for (int start = 0; start < 2; ++start) {
    const fixtures::WholeStore loaded = load();
    ASSERT_EQ(loaded.channels.size(), 2U);
    EXPECT_TRUE(loaded.channels[0].secrets_lost);
    EXPECT_EQ(loaded.channels[0].channel.name, "Operations");
    EXPECT_TRUE(loaded.channels[0].channel.url.empty());
    ASSERT_EQ(loaded.channels[0].channel.headers.size(), 2U);
    EXPECT_EQ(loaded.channels[0].channel.headers[0].first, "X-Team");
    EXPECT_FALSE(loaded.channels[1].secrets_lost) << "it has none to lose";
    reopen();
  }
  keep(webhook_row("ops"));
  reopen();
  const fixtures::WholeStore loaded = load();
  EXPECT_FALSE(loaded.channels[0].secrets_lost);
  EXPECT_TRUE(same_definition(loaded.channels[0].channel, webhook_row("ops").channel));
}

// With the right key there is nothing to forget, whatever was asked for.
TEST_F(ChannelStore, ForgettingTakesNothingThatOpens) {
  keep(webhook_row("ops"));
  forget_ = true;
  reopen();
  EXPECT_TRUE(same_definition(load().channels[0].channel, webhook_row("ops").channel));
}

// The key vanishes while the server runs: a new one would lock the other channels in, so the change
// is refused.
TEST_F(ChannelStore, NoSecondKeyWhileTheFirstIsNeeded) {
  keep(webhook_row("ops"));
  std::filesystem::remove(dir() / "key");
  WriteBatch batch;
  batch.channels.push_back(mail_row("mail"));
  const Result<void> kept = fixtures::keep(*store_, mailbox_, std::move(batch));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::conflict);
  EXPECT_FALSE(std::filesystem::exists(dir() / "key"));
  keep(webhook_row("ops"));  // its own secrets are entered again, nobody else's are lost
  EXPECT_TRUE(std::filesystem::exists(dir() / "key"));
}

// No key is made for a channel that has nothing to hide.
TEST_F(ChannelStore, MakesNoKeyWithoutASecret) {
  ChannelRow plain = mail_row("plain");
  plain.channel.smtp.password = Secret();
  keep(plain);
  EXPECT_FALSE(std::filesystem::exists(dir() / "key"));
  keep(mail_row("mail"));
  EXPECT_TRUE(std::filesystem::exists(dir() / "key"));
}

// Whoever can write the file but has no key cannot have one channel speak with another's secrets.
TEST_F(ChannelStore, SecretsOfAnotherRowDoNotOpen) {
  keep(webhook_row("one"));
  ChannelRow two = webhook_row("two");
  two.channel.url = Secret("https://elsewhere.example.com/");
  keep(two);
  execute(
      "UPDATE channels SET secrets = (SELECT secrets FROM channels WHERE id = 'one') "
      "WHERE id = 'two'");
  EXPECT_NE(fixtures::load_whole(*store_).error().message.find("cannot be read (two)"),
            std::string::npos);
  forget_ = true;
  reopen();
  const fixtures::WholeStore loaded = load();
  ASSERT_EQ(loaded.channels.size(), 2U);
  EXPECT_FALSE(loaded.channels[0].secrets_lost);
  EXPECT_TRUE(loaded.channels[1].secrets_lost);
  EXPECT_TRUE(loaded.channels[1].channel.url.empty());
}

// A key that cannot be used refuses this change alone; the store goes on for everything else.
TEST_F(ChannelStore, UnusableKeyRefusesTheChangeAndNothingElse) {
  std::ofstream(dir() / "key") << "short";
  WriteBatch batch;
  batch.channels.push_back(webhook_row("ops"));
  const Result<void> kept = fixtures::keep(*store_, mailbox_, std::move(batch));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::conflict);
  EXPECT_FALSE(store_->health().is_volatile);
  WriteBatch other;
  other.attempts.push_back(fixtures::passed(1, fixtures::kNow, 1ms));
  EXPECT_TRUE(fixtures::keep(*store_, mailbox_, std::move(other)));
  EXPECT_TRUE(load().channels.empty());
}

// Files may name channels before the server has opened the store.
TEST_F(ChannelStore, TellsItsIdsWithoutOpeningTheStore) {
  EXPECT_TRUE(stored_channel_ids(temp_.path() / "nowhere")->empty());
  EXPECT_TRUE(stored_channel_ids(dir())->empty());
  keep(webhook_row("ops"));
  keep(mail_row("mail"));
  EXPECT_EQ(stored_channel_ids(dir()), (std::set<std::string>{"mail", "ops"}));
  store_->close();
  EXPECT_EQ(stored_channel_ids(dir()), (std::set<std::string>{"mail", "ops"}));
  execute("DROP TABLE channels");  // as a store of an earlier version
  EXPECT_TRUE(stored_channel_ids(dir())->empty());
}

// The two parts of a stored channel: one can be shown, the other has all that cannot.
TEST(ChannelForm, DefinitionAndSecretsAreApart) {
  for (const ChannelRow& row : {webhook_row("ops"), mail_row("mail")}) {
    const std::string definition = to_json(row.channel);
    EXPECT_EQ(definition.find(kCanary), std::string::npos) << definition;
    Result<Channel> read = channel_from_json(definition);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_json(*read), definition);
    ASSERT_TRUE(put_secrets(*read, channel_secrets(row.channel)));
    EXPECT_TRUE(same_definition(*read, row.channel));
    EXPECT_EQ(read->project, "ui");
  }
  EXPECT_EQ(channel_secrets(Channel{.id = "none"}), "");
}

TEST(ChannelForm, SecretsOfAnotherChannelAreRefused) {
  Channel other = webhook_row("other").channel;
  const Channel before = other;
  EXPECT_FALSE(put_secrets(other, channel_secrets(webhook_row("ops").channel)));
  EXPECT_FALSE(put_secrets(other, "{}"));
  EXPECT_FALSE(put_secrets(other, "no json"));
  EXPECT_TRUE(same_definition(other, before));
}

}  // namespace
}  // namespace tocsin
