#include "core/stats_window.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

SystemTime at(std::string_view text) { return parse_rfc3339(text).value(); }

// Two people who look within one bucket see the same bars, and the last bar is the running one.
TEST(StatsWindow, BucketsLieOnTheUtcGridWithTheRunningOneLast) {
  const StatsRange hour = *stats_range_from_name("1h");
  const StatsWindow window = stats_window(hour, at("2026-11-21T14:03:20Z"));
  EXPECT_EQ(rfc3339(window.now.from), "2026-11-21T13:04:00.000Z");
  EXPECT_EQ(rfc3339(window.now.to), "2026-11-21T14:04:00.000Z");
  EXPECT_EQ(window.buckets(), 60U);
  EXPECT_EQ(window.now, stats_window(hour, at("2026-11-21T14:03:59.999999Z")).now);
  EXPECT_EQ(window.bucket_of(at("2026-11-21T14:03:20Z")), 59U);
}

// Twelve hours a bucket, but nothing lies beyond the running hour, so what came before is compared
// with as long a time.
TEST(StatsWindow, HourRangesEndWithTheRunningHour) {
  const StatsWindow window =
      stats_window(*stats_range_from_name("30d"), at("2026-11-21T14:03:20Z"));
  EXPECT_EQ(rfc3339(window.now.from), "2026-10-23T00:00:00.000Z");
  EXPECT_EQ(rfc3339(window.now.to), "2026-11-21T15:00:00.000Z");
  EXPECT_EQ(window.buckets(), 60U);
  EXPECT_EQ(rfc3339(window.bucket_start(59)), "2026-11-21T12:00:00.000Z");
  EXPECT_EQ(window.before.length(), window.now.length());
}

// What holds for every range at every moment: the present is in the last bucket, the period before
// touches and is as long, a chart has a bearable number of bars, hours fall into one bucket whole.
TEST(StatsWindow, HoldsForEveryRangeAtEveryMoment) {
  for (const StatsRange& written : stats_ranges()) {
    EXPECT_EQ(written.length % written.bucket, Duration{0}) << written.name;
    for (const StatsRange& range : {written, coarser(written)}) {
      for (SystemTime moment = at("1969-12-31T20:00:00.000001Z");
           moment < at("1970-01-04T00:00:00Z"); moment += 1h + 17min + 3us) {
        const StatsWindow window = stats_window(range, moment);
        ASSERT_TRUE(window.now.holds(moment));
        ASSERT_EQ(window.bucket_of(moment) + 1, window.buckets());
        ASSERT_LE(window.buckets(), 800U);
        ASSERT_EQ(window.before.to, window.now.from);
        ASSERT_EQ(window.before.length(), window.now.length());
        ASSERT_EQ(window.now.from.time_since_epoch() % range.bucket, Duration{0});
        ASSERT_LE(window.now.length(), range.length);
        if (range.is_of_hours) {
          ASSERT_EQ(range.bucket % 1h, Duration{0});
          ASSERT_EQ(window.before.from.time_since_epoch() % 1h, Duration{0});
        }
      }
    }
  }
  EXPECT_FALSE(stats_range_from_name("1d"));
}

}  // namespace
}  // namespace tocsin
