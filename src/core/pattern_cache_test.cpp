#include "core/pattern_cache.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "core/assert.h"
#include "core/dialogue_timeline.h"

namespace tocsin {
namespace {

using namespace timeline;

// The hot path compiles nothing: a thousand checks of one monitor, whose patterns stand in an
// expect, a refuse and two assertions, compile each of them once.
TEST(PatternCache, CompilesOnceForAThousandChecks) {
  Monitor checked = monitor({expect_regex("^cache-test 220", {"^cache-test 5"})},
                            {data(Comparison::matches, "cache-test o+k"),
                             data(Comparison::equals, "ok", "cache-test (\\w+)")});
  const uint64_t before = thread_patterns().compiled();
  for (int i = 0; i < 1000; ++i) {
    const Played played = play(checked, {at(1ms).says("cache-test 220\r\n"),
                                         at(2ms).says("cache-test ok\r\n"), at(3ms).closes()});
    EXPECT_FALSE(played.error);
    ProbeResult result;
    result.received = played.received;
    evaluate_assertions(checked.assertions, result, SystemTime{});
  }
  EXPECT_EQ(thread_patterns().compiled() - before, 4U);
}

// It never holds more than it may; with a few patterns too many, taken in turns, most are still
// there, where forgetting the oldest would keep none.
TEST(PatternCache, IsBoundedAndKeepsMostOfALittleTooMany) {
  PatternCache cache(100);
  for (int turn = 0; turn < 20; ++turn) {
    for (int i = 0; i < 110; ++i) {
      EXPECT_TRUE(cache.get(fmt::format("p{}", i))->ok());
      EXPECT_LE(cache.size(), 100U);
    }
  }
  EXPECT_LT(cache.compiled(), 20U * 110U / 2);
}

// Who holds a pattern keeps it when the cache forgets it; what is no pattern is not kept.
TEST(PatternCache, GivesAwayWhatLivesOn) {
  PatternCache cache(1);
  const auto held = cache.get("a+");
  cache.get("b+");
  EXPECT_TRUE(re2::RE2::FullMatch("aa", *held));
  EXPECT_FALSE(cache.get("(")->ok());
  EXPECT_EQ(cache.size(), 1U);
}

}  // namespace
}  // namespace tocsin
