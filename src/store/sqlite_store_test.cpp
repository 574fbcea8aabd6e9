#include "store/sqlite_store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "base/limits.h"
#include "base/scratch_folder.h"
#include "store/fixtures.h"
#include "store/migrations.h"
#include "store/schema.h"
#include "store/store_suite.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::kNow;
using fixtures::passed;
using fixtures::TestClock;
using fixtures::TestMailbox;

StoreMaker sqlite_maker(std::string name, bool own_thread) {
  return {std::move(name), own_thread,
          [own_thread](const std::filesystem::path& dir, const Clock& clock, Mailbox& mailbox) {
            return open_sqlite_store({.dir = dir,
                                      .retention = {},
                                      .own_thread = own_thread,
                                      .reserve_bytes = fixtures::kSmallReserve},
                                     clock, mailbox);
          }};
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreSuite,
                         testing::Values(sqlite_maker("threaded", true),
                                         sqlite_maker("unthreaded", false)),
                         [](const auto& made) { return made.param.name; });

class SqliteStoreFile : public testing::Test {
 protected:
  Result<std::unique_ptr<Store>> open() {
    return open_sqlite_store(
        {.dir = dir(), .retention = {}, .own_thread = false, .reserve_bytes = reserve_bytes_},
        clock_, mailbox_);
  }
  // A store that held one result and was closed.
  void make_store() {
    Result<std::unique_ptr<Store>> store = open();
    ASSERT_TRUE(store) << store.error().message;
    WriteBatch batch;
    batch.attempts.push_back(passed(1, kNow, 1ms));
    ASSERT_TRUE(fixtures::keep(**store, mailbox_, std::move(batch)));
    (*store)->close();
  }
  [[nodiscard]] std::filesystem::path dir() const { return temp_.path() / "data"; }
  [[nodiscard]] std::filesystem::path file() const { return dir() / "tocsin.db"; }
  [[nodiscard]] std::string bytes() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write_bytes(size_t at, std::string_view bytes) const {
    std::fstream out(file(), std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(static_cast<std::streamoff>(at));
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  // With SQLite's own means, as another program would.
  void execute(const char* sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }

  size_t reserve_bytes_ = 0;
  ScratchFolder temp_;
  TestClock clock_;
  TestMailbox mailbox_;
};

// Definitions hold what is sent to services, results what they answered.
TEST_F(SqliteStoreFile, IsForUsAlone) {
  make_store();
  struct stat info{};
  ASSERT_EQ(::stat(dir().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
  ASSERT_EQ(::stat(file().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(SqliteStoreFile, CarriesOurMark) {
  make_store();
  EXPECT_EQ(bytes().substr(68, 4), "TOCS");
}

TEST_F(SqliteStoreFile, KeepsAReserve) {
  reserve_bytes_ = SqliteSettings().reserve_bytes;
  make_store();
  EXPECT_EQ(std::filesystem::file_size(dir() / "reserve"), 64U * 1024 * 1024);
}

// An older program must not touch what a newer one wrote, whatever is in it.
TEST_F(SqliteStoreFile, OfANewerTocsinIsRefusedUntouched) {
  make_store();
  const std::string newer = std::to_string(schema_version() + 1);
  execute(("PRAGMA user_version = " + newer).c_str());
  const std::string before = bytes();
  const Result<std::unique_ptr<Store>> store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::newer_version);
  EXPECT_EQ(store.error().message,
            file().string() + " has store version " + newer +
                ", this program knows up to version " + std::to_string(schema_version()) +
                ": it was written by a newer Tocsin. Install that one again, or use another data "
                "directory");
  EXPECT_EQ(bytes(), before);
}

TEST_F(SqliteStoreFile, OfAnotherProgramIsRefusedUntouched) {
  std::filesystem::create_directory(dir());
  execute("CREATE TABLE theirs (x); PRAGMA application_id = 99");
  const std::string before = bytes();
  const Result<std::unique_ptr<Store>> store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(store.error().message, file().string() +
                                       " cannot be used: it is a SQLite file of another program. "
                                       "Put a backup in its place, or move " +
                                       file().string() + " and " + file().string() +
                                       "-wal aside and start again with an empty store");
  EXPECT_EQ(bytes(), before);
}

TEST_F(SqliteStoreFile, ThatIsNoDatabaseIsCorrupt) {
  std::filesystem::create_directory(dir());
  std::ofstream(file()) << std::string(10'000, 'x');
  const Result<std::unique_ptr<Store>> store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(store.error().message, file().string() +
                                       " cannot be used: file is not a database (SQLite 26). "
                                       "Put a backup in its "
                                       "place, or move " +
                                       file().string() + " and " + file().string() +
                                       "-wal aside and start again with an empty store");
}

// A damaged page of a table that decisions rest on is found before it is believed.
TEST_F(SqliteStoreFile, WithDamagedDecisionsIsCorrupt) {
  make_store();
  // Page 2 and the following are roots of our first tables.
  write_bytes(4096, std::string(32_KiB, '\xA5'));
  Result<std::unique_ptr<Store>> store = open();
  ASSERT_TRUE(store) << store.error().message;
  const Result<fixtures::WholeStore> loaded = fixtures::load_whole(**store);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, ErrorKind::corrupt);
  EXPECT_NE(loaded.error().message.find("start again with an empty store"), std::string::npos)
      << loaded.error().message;
}

TEST_F(SqliteStoreFile, WithADamagedStateIsCorruptWhenLoaded) {
  make_store();
  execute("INSERT INTO monitors VALUES (1, 'p', 'web', 0, '{\"id\":7}')");
  Result<std::unique_ptr<Store>> store = open();
  ASSERT_TRUE(store) << store.error().message;
  const Result<fixtures::WholeStore> loaded = fixtures::load_whole(**store);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(loaded.error().message, "web: stored monitor: id is not text");
}

TEST_F(SqliteStoreFile, InADirectoryThatCannotBeMadeSaysWhatToDo) {
  std::ofstream(temp_.path() / "data") << "a file";
  const Result<std::unique_ptr<Store>> store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::io);
  EXPECT_EQ(store.error().message, "the data directory " + dir().string() + " is not a directory");
}

// --- the lock

TEST(StoreLock, SecondOwnerIsRefused) {
  const ScratchFolder temp;
  const auto first = StoreLock::acquire(temp.path() / "data");
  ASSERT_TRUE(first) << first.error().message;
  const auto second = StoreLock::acquire(temp.path() / "data");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::busy);
  EXPECT_EQ(second.error().message, "another Tocsin (process " + std::to_string(::getpid()) +
                                        ") is using " + (temp.path() / "data").string() +
                                        ": stop it first, or use another data directory");
}

TEST(StoreLock, IsFreeAfterItsOwner) {
  const ScratchFolder temp;
  ASSERT_TRUE(StoreLock::acquire(temp.path()));
  EXPECT_TRUE(StoreLock::acquire(temp.path()));
}

// The file says nothing yet, or nonsense: the message does without.
TEST(StoreLock, MessageNeedsNoProcess) {
  const ScratchFolder temp;
  const auto first = StoreLock::acquire(temp.path());
  std::ofstream(temp.path() / "lock") << "who?\n";
  const auto second = StoreLock::acquire(temp.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, "another Tocsin is using " + temp.path().string() +
                                        ": stop it first, or use another data directory");
}

// The row can be found and mended by hand.
TEST_F(SqliteStoreFile, NamesTheMonitorThatCannotBeRead) {
  make_store();
  Result<sqlite::Database> database = open_store_file(file());
  ASSERT_TRUE(database) << database.error().message;
  ASSERT_TRUE(
      database->run("INSERT INTO monitors (uid, project, id, retired, definition) VALUES "
                    "(7, 'shop', 'db', 0, '{\"timeout_us\":\"soon\"}')"));
  const Result<std::unique_ptr<Store>> store = open();
  ASSERT_TRUE(store) << store.error().message;
  const Result<fixtures::WholeStore> loaded = fixtures::load_whole(**store);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(loaded.error().message,
            "db: stored monitor: timeout_us is not a whole number that fits");
  (*store)->close();
}

}  // namespace
}  // namespace tocsin
