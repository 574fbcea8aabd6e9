#include "api/session_book.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tocsin {
namespace {

constexpr SystemTime kDay0{1'700'000'000s};

SessionRow row(const std::string& hash, const std::string& user, SystemTime at) {
  return {.hash = hash, .user = user, .created = at, .last_used = at};
}

std::vector<SessionRow> begin(SessionBook& book, const SessionRow& one, SystemTime now) {
  auto rows = book.beginning(one, now);
  book.apply(rows);
  return rows;
}

// The two limits of the contract, each at its very edge.
TEST(SessionBook, EndsAfterAWeekWithoutUseAndAMonthWithIt) {
  struct Case {
    const char* what;
    std::vector<Duration> used;  // since the beginning
    Duration asked;
    bool lives;
  };
  for (const Case& one : {
           Case{"just begun", {}, 0s, true},
           Case{"a week less a second", {}, 7 * 24h - 1s, true},
           Case{"a week", {}, 7 * 24h, false},
           Case{"used on day 6", {6 * 24h}, 13 * 24h - 1s, true},
           Case{"used on day 6, again on day 13", {6 * 24h}, 13 * 24h, false},
           Case{"used all along",
                {6 * 24h, 12 * 24h, 18 * 24h, 24 * 24h, 29 * 24h},
                30 * 24h - 1s,
                true},
           Case{"a month", {6 * 24h, 12 * 24h, 18 * 24h, 24 * 24h, 29 * 24h}, 30 * 24h, false},
           Case{"the clock went back", {}, -24h, true},
       }) {
    SessionBook book;
    begin(book, row("h", "ann", kDay0), kDay0);
    for (const Duration used : one.used) {
      ASSERT_TRUE(book.use("h", kDay0 + used)) << one.what;
    }
    EXPECT_EQ(book.use("h", kDay0 + one.asked).has_value(), one.lives) << one.what;
  }
}

// A page that asks every second is no reason to write every second.
TEST(SessionBook, UseIsWrittenOnceAnHour) {
  SessionBook book;
  begin(book, row("h", "ann", kDay0), kDay0);
  size_t writes = 0;
  for (Duration passed = 0s; passed < 3h; passed += 60s) {
    ASSERT_TRUE(book.use("h", kDay0 + passed));
    writes += book.take_used().size();
  }
  EXPECT_EQ(writes, 2U);
  EXPECT_EQ(book.use("h", kDay0 + 3h)->last_used, kDay0 + 3h);
  EXPECT_EQ(book.take_used().size(), 1U);
  EXPECT_TRUE(book.take_used().empty());
}

// A restart finds what was stored, and what it was last used.
TEST(SessionBook, KnowsWhatTheStoreHad) {
  SessionBook book;
  book.load({row("h", "ann", kDay0), row("i", "bob", kDay0 - 8 * 24h)});
  EXPECT_EQ(book.use("h", kDay0)->user, "ann");
  EXPECT_FALSE(book.use("i", kDay0));
  EXPECT_FALSE(book.use("", kDay0));
}

TEST(SessionBook, EndsOneOrAllOthersOfAUser) {
  SessionBook book;
  for (const char* hash : {"a", "b", "c"}) {
    begin(book, row(hash, "ann", kDay0), kDay0);
  }
  begin(book, row("d", "bob", kDay0), kDay0);
  const auto others = book.ending_all_of("ann", "b");
  ASSERT_EQ(others.size(), 2U);
  EXPECT_TRUE(others[0].ended && others[1].ended);
  EXPECT_TRUE(book.use("a", kDay0)) << "nothing has changed yet";
  book.apply(others);
  EXPECT_FALSE(book.use("a", kDay0));
  EXPECT_TRUE(book.use("b", kDay0));
  EXPECT_TRUE(book.use("d", kDay0));
  ASSERT_EQ(book.ending("b").size(), 1U);
  book.apply(book.ending("b"));
  EXPECT_FALSE(book.use("b", kDay0));
  EXPECT_TRUE(book.ending("b").empty());
  EXPECT_EQ(book.ending_all_of("bob").size(), 1U);
}

// Signing in over and over fills neither memory nor store: the longest unused goes, and what has
// expired goes with the next sign-in of anybody.
TEST(SessionBook, IsBounded) {
  SessionBook book;
  begin(book, row("old", "bob", kDay0 - 8 * 24h), kDay0 - 8 * 24h);
  for (size_t i = 0; i < kSessionsPerUserMax; ++i) {
    begin(book, row("s" + std::to_string(i), "ann", kDay0 + i * 1s), kDay0);
  }
  EXPECT_EQ(book.size(), kSessionsPerUserMax) << "the expired one is gone";
  const auto rows = begin(book, row("new", "ann", kDay0 + 1h), kDay0 + 1h);
  EXPECT_EQ(book.size(), kSessionsPerUserMax);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].hash, "s0");
  EXPECT_TRUE(rows[0].ended);
  EXPECT_EQ(rows[1].hash, "new");
  EXPECT_FALSE(rows[1].ended);
}

// Neither of the stored hash and the CSRF token says the id or the other.
TEST(SessionBook, HashAndCsrfTokenDiffer) {
  const std::string id(43, 'a');
  EXPECT_EQ(session_hash(id).size(), 64U);
  EXPECT_EQ(csrf_token_of(id).size(), 43U);
  EXPECT_EQ(csrf_token_of(id), csrf_token_of(id));
  EXPECT_NE(csrf_token_of(id), csrf_token_of(std::string(43, 'b')));
  EXPECT_NE(csrf_token_of(session_hash(id)), csrf_token_of(id));
}

}  // namespace
}  // namespace tocsin
