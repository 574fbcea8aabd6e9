// Statistics against a naive oracle that looks at every result and every second.
#include "core/stats.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace tocsin {
namespace {

constexpr SystemTime kNow{Duration(1'795'269'800'000'000)};

ResultSample sample(SystemTime slot, Verdict verdict, Duration response = 10ms) {
  return {.slot = slot,
          .location = 0,
          .verdict = verdict,
          .response_time = response,
          .phases = {.connect = response}};
}

StatsWindow window_of(std::string_view range) {
  return stats_window(*stats_range_from_name(range), kNow);
}

// Our own trouble says nothing about the service.
TEST(Stats, UnknownIsLeftOutOfAvailability) {
  Tally tally;
  EXPECT_EQ(tally.availability_millionths(), std::nullopt);
  tally.unknown = 5;
  EXPECT_EQ(tally.availability_millionths(), std::nullopt);
  tally.passed = 2;
  tally.degraded = 1;
  tally.failed = 1;
  EXPECT_EQ(tally.availability_millionths(), 750'000U);
}

// 1 failure in ten million is not "always there".
TEST(Stats, AvailabilityIsWholeOnlyWhenNothingFailed) {
  Tally tally;
  tally.passed = 9'999'999;
  EXPECT_EQ(tally.availability_millionths(), 1'000'000U);
  tally.failed = 1;
  EXPECT_EQ(tally.availability_millionths(), 999'999U);
}

// A phase that did not happen is not a phase of 0 µs; a failure's time is nobody's response time.
TEST(Stats, MeansAreOfThePhasesThatHappened) {
  Tally tally;
  tally.add(Verdict::passed, 9ms, {.connect = 4ms, .data = 5ms});
  tally.add(Verdict::degraded, 31ms, {.dns = 20ms, .connect = 8ms, .data = 3ms});
  tally.add(Verdict::failed, 5s, {.connect = 5s});
  EXPECT_EQ(tally.mean(Phase::dns), 20ms);
  EXPECT_EQ(tally.mean(Phase::connect), 6ms);
  EXPECT_EQ(tally.mean(Phase::tls), std::nullopt);
  EXPECT_EQ(tally.mean(Phase::data), 4ms);
  EXPECT_EQ(tally.highest(), 31ms);
}

// The middle of a histogram's bucket may lie beyond the true extremes; what is shown does not.
TEST(Stats, QuantilesStayWithinTheExtremes) {
  Tally tally;
  for (int64_t response = 1000; response <= 1100; response += 7) {
    tally.add(Verdict::passed, Duration(response), {});
  }
  EXPECT_LE(tally.quantile(990), tally.highest());
  EXPECT_GE(tally.quantile(1), tally.min);
}

TEST(Stats, EmptyBucketsAreGaps) {
  const StatsWindow window = window_of("1h");
  const std::vector samples = {sample(kNow - 60s, Verdict::passed)};
  const Statistics result = statistics(window, {.samples = samples, .hours = {}, .incidents = {}});
  ASSERT_EQ(result.buckets.size(), 60U);
  EXPECT_EQ(result.buckets[58].runs(), 1U);
  EXPECT_EQ(result.buckets[59].runs(), 0U);
  EXPECT_EQ(result.buckets[59].availability_millionths(), std::nullopt);
  EXPECT_EQ(result.buckets[59].quantile(500), std::nullopt);
}

struct Told {
  uint64_t incidents;
  Duration downtime;
  std::optional<Duration> repair;
};
Told told(std::vector<IncidentSpan> incidents, std::string_view range = "1h") {
  const Statistics result =
      statistics(window_of(range), {.samples = {}, .hours = {}, .incidents = incidents});
  return {result.now.incidents, result.now.downtime, result.now.mean_repair};
}

// An incident counts with its part in the range, an open one until now and not beyond.
TEST(Stats, IncidentsAreClippedToTheRange) {
  const StatsWindow window = window_of("1h");
  const Told open = told({{.began = kNow - 5min}});
  EXPECT_EQ(open.downtime, 5min);
  EXPECT_EQ(open.repair, std::nullopt);
  const Told long_ago =
      told({{.began = kNow - 24h, .closed = window.now.from + 2min, .has_recovered = true}});
  EXPECT_EQ(long_ago.downtime, 2min);
  EXPECT_EQ(long_ago.repair, 2min);
  EXPECT_EQ(told({{.began = kNow - 24h, .closed = kNow - 23h, .has_recovered = true}}).incidents,
            0U);
}

// Degraded is no downtime; removed is no repair.
TEST(Stats, OnlyDownIsDowntimeAndOnlyRecoveryIsRepair) {
  const Told degraded = told(
      {{.began = kNow - 5min, .closed = kNow - 4min, .is_down = false, .has_recovered = true}});
  EXPECT_EQ(degraded.incidents, 1U);
  EXPECT_EQ(degraded.downtime, 0s);
  EXPECT_EQ(degraded.repair, std::nullopt);
  const Told removed = told({{.began = kNow - 5min, .closed = kNow - 4min}});
  EXPECT_EQ(removed.downtime, 1min);
  EXPECT_EQ(removed.repair, std::nullopt);
}

// --- properties

ResultSample some_sample(std::mt19937_64& random, Duration spread) {
  const auto verdict = static_cast<Verdict>(random() % 4 + 1);
  ResultSample made = sample(
      kNow - Duration(static_cast<int64_t>(random() % static_cast<uint64_t>(spread.count()))),
      verdict, Duration(static_cast<int64_t>(random() % 2'000'000)));
  made.location = static_cast<uint16_t>(random() % 3);
  made.phases.dns = random() % 2 == 0 ? std::optional<Duration>(random() % 1000) : std::nullopt;
  return made;
}

// The plain way: all values in a list.
struct Oracle {
  uint64_t passed = 0, degraded = 0, failed = 0, unknown = 0;
  std::vector<int64_t> responses;
  int64_t dns_sum = 0, dns_count = 0;

  void add(const ResultSample& one) {
    passed += one.verdict == Verdict::passed;
    degraded += one.verdict == Verdict::degraded;
    failed += one.verdict == Verdict::failed;
    unknown += one.verdict == Verdict::unknown;
    if (one.verdict == Verdict::passed || one.verdict == Verdict::degraded) {
      responses.push_back(one.response_time.count());
      dns_sum += one.phases.dns.value_or(0us).count();
      dns_count += one.phases.dns ? 1 : 0;
    }
  }
  void expect(const Tally& tally) {
    EXPECT_EQ(tally.passed, passed);
    EXPECT_EQ(tally.degraded, degraded);
    EXPECT_EQ(tally.failed, failed);
    EXPECT_EQ(tally.unknown, unknown);
    if (dns_count > 0) {
      EXPECT_EQ(tally.mean(Phase::dns), Duration(dns_sum / dns_count));
    }
    std::ranges::sort(responses);
    for (const uint32_t share : {500U, 950U, 990U}) {
      if (responses.empty()) {
        EXPECT_EQ(tally.quantile(share), std::nullopt);
        continue;
      }
      const size_t rank = (responses.size() * share + 999) / 1000;
      const auto wanted = static_cast<double>(responses[rank - 1]);
      EXPECT_NEAR(static_cast<double>(tally.quantile(share)->count()), wanted, wanted * 0.02 + 1);
    }
  }
};

// Periods, buckets and locations are what counting one by one finds, from single results and from
// hours alike.
TEST(StatsProperty, TalliesAreWhatCountingOneByOneFinds) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    std::mt19937_64 random(seed);
    const StatsRange range = stats_ranges()[seed % stats_ranges().size()];
    const StatsWindow window = stats_window(range, kNow);
    std::vector<ResultSample> samples;
    std::vector<HourTally> hours;
    Oracle now, before;
    std::vector<Oracle> buckets(window.buckets()), locations(3);
    for (int count = 0; count < 500; ++count) {
      const ResultSample one = some_sample(random, range.length * 3);
      if (range.is_of_hours) {
        Tally tally;
        tally.add(one.verdict, one.response_time, one.phases);
        hours.push_back({.hour = std::chrono::floor<std::chrono::hours>(one.slot),
                         .location = one.location,
                         .tally = tally});
      } else {
        samples.push_back(one);
      }
      if (one.slot >= window.before.from && one.slot < window.before.to) {
        before.add(one);
      } else if (one.slot >= window.now.from && one.slot < window.now.to) {
        now.add(one);
        buckets[static_cast<size_t>((one.slot - window.now.from) / window.bucket)].add(one);
        locations[one.location].add(one);
      }
    }
    const Statistics result =
        statistics(window, {.samples = samples, .hours = hours, .incidents = {}});
    now.expect(result.now.tally);
    before.expect(result.before.tally);
    ASSERT_EQ(result.buckets.size(), buckets.size());
    for (size_t index = 0; index < buckets.size(); ++index) {
      buckets[index].expect(result.buckets[index]);
    }
    for (const LocationStats& location : result.locations) {
      locations.at(location.location).expect(location.tally);
    }
  }
}

// Downtime is what asking at every second finds, however incidents lie over each other.
TEST(StatsProperty, DowntimeIsWhatAskingEverySecondFinds) {
  const StatsWindow window = window_of("1h");
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<IncidentSpan> incidents;
    for (uint64_t count = random() % 6; count > 0; --count) {
      const SystemTime began = kNow - std::chrono::seconds(random() % 9000);
      IncidentSpan incident{.began = began, .closed = {}, .is_down = random() % 4 != 0};
      if (random() % 4 != 0) {
        incident.closed = began + std::chrono::seconds(random() % 3000);
      }
      incidents.push_back(incident);
    }
    const Statistics result =
        statistics(window, {.samples = {}, .hours = {}, .incidents = incidents});
    const auto down_at = [&](SystemTime moment) {
      return std::ranges::any_of(incidents, [&](const IncidentSpan& incident) {
        return incident.is_down && incident.began <= moment &&
               (!incident.closed || moment < *incident.closed);
      });
    };
    Duration now{}, before{};
    for (SystemTime moment = window.before.from; moment < kNow; moment += 1s) {
      (window.now.holds(moment) ? now : before) += down_at(moment) ? 1s : 0s;
    }
    EXPECT_EQ(result.now.downtime, now) << seed;
    EXPECT_EQ(result.before.downtime, before) << seed;
  }
}

// Nearest rank of sorted values; failures have no say.
TEST(Stats, MediansAreTheMiddleValues) {
  std::vector<ResultSample> samples;
  for (const auto response : {5ms, 1ms, 9ms, 2ms}) {
    samples.push_back(sample(kNow, Verdict::passed, response));
  }
  samples.push_back(sample(kNow, Verdict::failed, 30s));
  const Medians middle = medians(samples);
  EXPECT_EQ(middle.response_time, 2ms);
  EXPECT_EQ(middle.phases.connect, 2ms);
  EXPECT_EQ(middle.phases.tls, std::nullopt);
  EXPECT_EQ(medians({}).response_time, std::nullopt);
}

}  // namespace
}  // namespace tocsin
