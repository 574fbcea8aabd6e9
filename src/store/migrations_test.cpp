// A store of an earlier version is brought to the present one and keeps what is in it, whatever the
// disk does meanwhile.
#include "store/migrations.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "base/scratch_folder.h"
#include "store/faulty_disk.h"
#include "store/reader.h"
#include "store/schema.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::FaultyDisk;
using fixtures::kNow;

// One passed result as version 1 wrote it: no address, no sentence.
constexpr const char* kOldResult =
    "INSERT INTO results VALUES (1795269800000000, 7, 0, 2, 1, 1, 1, NULL, NULL, 312, NULL, 312, "
    "NULL, NULL, 9, 0, 300, 0, 1, 6, 5, 8)";
constexpr const char* kOldIncident =
    "INSERT INTO incidents VALUES ('i1', 7, 1795269800000000, NULL, '{\"id\":\"i1\"}')";

// An hour and a failure as versions 1 and 2 wrote them: no times of phases, no column for the
// error.
constexpr const char* kOldHour =
    "INSERT INTO hours VALUES (1795269600000000, 7, 0, 1, 0, 2, 0, 312, 312, 312, x'01870101')";
constexpr const char* kOldFailure =
    "INSERT INTO failures VALUES (1, 1795269800000000, 8, 0, 2, 1, 3, 1, "
    "'{\"result\":{\"id\":{\"monitor\":8,\"clock_epoch\":2,\"slot_us\":1795269800000000,"
    "\"attempt\":1},\"started_us\":1795269800000000,\"phases\":{}},\"evaluation\":{\"verdict\":"
    "\"failed\",\"error\":{\"code\":\"timeout\",\"phase\":\"connect\"}}}')";

class StoreMigration : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return temp_.path() / "tocsin.db"; }

  void execute(const char* sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }
  // As the first version left it.
  void make_version_1() const {
    execute("PRAGMA journal_mode = WAL");
    execute(schema_steps()[0]);
    execute("PRAGMA user_version = 1");
    execute(kOldResult);
    execute(kOldIncident);
    execute(kOldHour);
    execute(kOldFailure);
  }
  void expect_old_rows() const {
    SqliteReader reader(open_store_reader(file()).value());
    const auto results = reader.results({.monitor = {7}});
    ASSERT_TRUE(results) << results.error().message;
    ASSERT_EQ(results->size(), 1U);
    const Attempt& attempt = results->front().attempt;
    EXPECT_EQ(attempt.result.id.slot, kNow);
    EXPECT_EQ(attempt.result.response_time, 312us);
    EXPECT_EQ(attempt.result.kernel_rtt, 300us);
    EXPECT_EQ(attempt.result.bytes_received, 5U);
    EXPECT_TRUE(attempt.result.peer_closed);
    EXPECT_EQ(attempt.evaluation.verdict, Verdict::passed);
    // Version 1 kept neither, and nothing is made up.
    EXPECT_EQ(attempt.result.remote, std::nullopt);
    EXPECT_EQ(attempt.evaluation.reason, "");
    EXPECT_TRUE(reader.incident({"i1"}).value().has_value());
    EXPECT_TRUE(reader.users().value().empty());
    EXPECT_TRUE(reader.sessions().value().empty());
    expect_old_numbers(reader);
  }
  static void expect_old_numbers(SqliteReader& reader) {
    const auto hours = reader.hours({7}, kNow - 1h, kNow + 1h);
    ASSERT_TRUE(hours) << hours.error().message;
    ASSERT_EQ(hours->size(), 1U);
    const Tally& tally = hours->front().tally;
    EXPECT_EQ(tally.failed, 2U);
    EXPECT_EQ(tally.quantile(500), 312us);
    // The times of phases were not counted: unknown, not 0.
    EXPECT_EQ(tally.mean(Phase::connect), std::nullopt);
    for (const auto code : {ErrorCode::timeout, ErrorCode::tcp_refused}) {
      const auto found = reader.results({.monitor = {8}, .error = code});
      ASSERT_TRUE(found) << found.error().message;
      EXPECT_EQ(found->size(), code == ErrorCode::timeout ? 1U : 0U);
    }
  }

  ScratchFolder temp_;
};

TEST_F(StoreMigration, StoreOfVersion1KeepsItsRows) {
  make_version_1();
  {
    Result<sqlite::Database> database = open_store_file(file());
    ASSERT_TRUE(database) << database.error().message;
    EXPECT_EQ(database->number("PRAGMA user_version").value(), schema_version());
    EXPECT_EQ(database->number("SELECT count(*) FROM channels").value(), 0);
  }
  expect_old_rows();
}

// What the version before wrote is there, and the tables that came since are empty.
TEST_F(StoreMigration, StoreOfVersion4GetsTheTablesSince) {
  make_version_1();
  for (size_t step = 1; step < 4; ++step) {
    execute(schema_steps()[step]);
  }
  execute("INSERT INTO users VALUES ('ann', '$argon2id$x', 1795269800000000, 1795269800000000)");
  execute("PRAGMA user_version = 4");
  {
    Result<sqlite::Database> database = open_store_file(file());
    ASSERT_TRUE(database) << database.error().message;
    EXPECT_EQ(database->number("PRAGMA user_version").value(), 6);
    EXPECT_EQ(database->number("SELECT count(*) FROM channels").value(), 0);
    EXPECT_EQ(database->number("SELECT count(*) FROM segments").value(), 0);
  }
  SqliteReader reader(open_store_reader(file()).value());
  EXPECT_EQ(reader.users().value().size(), 1U);
  EXPECT_TRUE(reader.incident({"i1"}).value().has_value());
}

// Fail at the Nth operation, N = 1, 2, ... until everything passes: the next start goes on from
// wherever that one came to.
TEST_F(StoreMigration, DiskThatFailsInBetweenLosesNothing) {
  FaultyDisk disk;
  bool reached_end = false;
  int fails_at = 1;
  for (; !reached_end; ++fails_at) {
    ASSERT_LT(fails_at, 200);
    std::filesystem::remove(file());
    make_version_1();
    int asked = 0;
    disk.rule = [&](FaultyDisk::Operation) {
      return ++asked >= fails_at ? SQLITE_FULL : SQLITE_OK;
    };
    const bool opened = open_store_file(file()).has_value();
    reached_end = asked < fails_at;
    EXPECT_TRUE(opened || !reached_end);
    disk.rule = [](FaultyDisk::Operation) { return SQLITE_OK; };
    const Result<sqlite::Database> database = open_store_file(file());
    ASSERT_TRUE(database) << "operation " << fails_at << ": " << database.error().message;
    expect_old_rows();
  }
  EXPECT_GT(fails_at, 2);
}

}  // namespace
}  // namespace tocsin
