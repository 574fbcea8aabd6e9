// Who reads a plain pass gets what a row of `results` would have said.
#include <gtest/gtest.h>

#include "base/scratch_folder.h"
#include "store/compact_pass.h"
#include "store/fixtures.h"
#include "store/result_rows.h"
#include "store/schema.h"
#include "store/segment.h"

namespace tocsin {
namespace {

using fixtures::Dice;

// Bytes, transcript, tls and the local address are there, as they are when it is to be stored.
StoredAttempt plain_attempt(Dice& dice) {
  StoredAttempt stored{.attempt = fixtures::some_attempt(dice)};
  ProbeResult& result = stored.attempt.result;
  result.id.attempt = 1;
  result.error.reset();
  result.moved.reset();
  result.addresses_left_out = 0;
  result.syn_retransmits = dice.number(0U, 3U);
  result.bytes_sent = dice.number<uint64_t>(0, 65'536);
  result.bytes_received = dice.number<uint64_t>(0, 65'536);
  result.started = result.id.slot + result.scheduling_delay + Duration(dice.number(0, 4) - 2);
  if (result.remote) {
    result.remote->unix_path.clear();
  }
  const auto form = dice.one_of(PassForm::other, PassForm::answered);
  stored.attempt.evaluation = {.verdict = Verdict::passed,
                               .error = {},
                               .reason = pass_sentence(form, result.response_time),
                               .assertions = stored.attempt.evaluation.assertions};
  return stored;
}

class PlainPassRow : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* step : schema_steps()) {
      ASSERT_TRUE(database_.execute(step).has_value());
    }
  }

  StoredResult by_row(const StoredAttempt& stored) {
    EXPECT_TRUE(insert_result(database_, stored).value());
    StoredResult read;
    const Result<void> done = sqlite::for_each_row(
        database_.query("SELECT * FROM results"), [&read](const sqlite::Rows& row) -> Result<void> {
          Result<StoredResult> result = read_result_row(row);
          if (!result) {
            return std::unexpected(result.error());
          }
          read = *result;
          return {};
        });
    EXPECT_TRUE(done.has_value()) << done.error().message;
    EXPECT_TRUE(database_.run("DELETE FROM results").has_value());
    return read;
  }

  sqlite::Database database_{sqlite::Database::open(":memory:", sqlite::Access::write).value()};
};

TEST_F(PlainPassRow, SaysTheSameByEitherWay) {
  Dice dice(11);
  for (int i = 0; i < 500; ++i) {
    const StoredAttempt stored = plain_attempt(dice);
    const std::optional<PlainPass> pass = plain_pass_of(stored);
    ASSERT_TRUE(pass) << i;
    const StoredResult row = by_row(stored);
    EXPECT_TRUE(attempt_of(*pass) == row.attempt) << i;
    EXPECT_TRUE(row.final_attempt);
    EXPECT_FALSE(row.has_details);

    const std::string packed = pack_segment(std::vector{*pass});
    std::vector<PlainPass> read;
    ASSERT_TRUE(SegmentView::open(packed)->passes_of(pass->monitor, read).has_value());
    EXPECT_TRUE(attempt_of(read.at(0)) == row.attempt) << i;
  }
}

TEST_F(PlainPassRow, WhatIsKeptInFullOrRetriedIsNotPlain) {
  StoredAttempt stored = fixtures::passed(7, SystemTime(1'795'269'860s), 12ms);
  EXPECT_TRUE(plain_pass_of(stored));
  stored.keep_details = true;
  EXPECT_FALSE(plain_pass_of(stored));
  stored.keep_details = false;
  stored.attempt.result.addresses_left_out = 1;
  EXPECT_FALSE(plain_pass_of(stored)) << "it says so in every result";
  stored.attempt.result.addresses_left_out = 0;
  stored.final_attempt = false;
  EXPECT_FALSE(plain_pass_of(stored));
}

}  // namespace
}  // namespace tocsin
