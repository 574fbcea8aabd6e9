#include "cli/probe_statistics.h"

#include <gtest/gtest.h>

#include <numeric>

namespace tocsin::cli {
namespace {

Attempt attempt(Verdict verdict, Duration time, std::optional<ProbeError> error = std::nullopt) {
  Attempt made;
  made.result.response_time = time;
  made.evaluation.verdict = verdict;
  made.evaluation.error = std::move(error);
  return made;
}

// Nearest rank: always a value that was measured.
TEST(Percentile, IsTheNearestRank) {
  std::vector<Duration> hundred;
  for (int value = 1; value <= 100; ++value) {
    hundred.emplace_back(value);
  }
  EXPECT_EQ(percentile(hundred, 50), 50us);
  EXPECT_EQ(percentile(hundred, 95), 95us);
  EXPECT_EQ(percentile(hundred, 99), 99us);
  EXPECT_EQ(percentile(hundred, 100), 100us);
  EXPECT_EQ(percentile(hundred, 0), 1us);
  const std::vector<Duration> one = {7us};
  EXPECT_EQ(percentile(one, 50), 7us);
  const std::vector<Duration> three = {1us, 2us, 3us};
  EXPECT_EQ(percentile(three, 50), 2us);
  EXPECT_EQ(percentile(three, 99), 3us);
}

// A failure has no response time worth comparing: a timeout would drown the rest.
TEST(ProbeStatistics, TimesAreOfGoodProbesOnly) {
  ProbeStatistics statistics;
  statistics.add(attempt(Verdict::passed, 3ms));
  statistics.add(attempt(Verdict::degraded, 9ms));
  statistics.add(attempt(Verdict::passed, 1ms));
  statistics.add(attempt(Verdict::failed, 10s, ProbeError{.code = ErrorCode::timeout}));
  statistics.add(attempt(Verdict::unknown, 0s, ProbeError{.code = ErrorCode::local_resource}));
  const auto times = statistics.times();
  ASSERT_TRUE(times);
  EXPECT_EQ(times->min, 1ms);
  EXPECT_EQ(times->p50, 3ms);
  EXPECT_EQ(times->max, 9ms);
  EXPECT_EQ(statistics.probes, 5U);
  EXPECT_EQ(statistics.passed, 2U);
  EXPECT_EQ(statistics.errors,
            (std::map<std::string, size_t>{{"timeout", 1}, {"local_resource", 1}}));
}

TEST(ProbeStatistics, HasNoTimesWithoutAGoodProbe) {
  ProbeStatistics statistics;
  EXPECT_FALSE(statistics.times());
  statistics.add(attempt(Verdict::failed, 1ms, ProbeError{}));
  EXPECT_FALSE(statistics.times());
}

}  // namespace
}  // namespace tocsin::cli
