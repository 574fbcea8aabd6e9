#include "core/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace tocsin {
namespace {

// Spread evenly over the magnitudes, as answers of services are.
Duration some_duration(std::mt19937_64& random) {
  const double exponent = std::uniform_real_distribution(0.0, std::log(120e6))(random);
  return Duration(static_cast<int64_t>(std::exp(exponent)));
}

Histogram some_histogram(std::mt19937_64& random, size_t values) {
  Histogram histogram;
  for (size_t index = 0; index < values; ++index) {
    histogram.add(some_duration(random), (random() % 5) + 1);
  }
  return histogram;
}

// The promise of the header, for every magnitude: one value alone comes back within 2 %.
TEST(Histogram, IsWithinTwoPercentFromMicrosecondsToTwoMinutes) {
  for (int64_t value = 1; value <= 120'000'000; value += 1 + (value / 997)) {
    Histogram histogram;
    histogram.add(Duration(value));
    const int64_t shown = histogram.quantile(500)->count();
    ASSERT_LE(std::abs(shown - value) * 100, value * 2) << value << " is shown as " << shown;
  }
}

TEST(Histogram, IsExactBelow64Microseconds) {
  for (int64_t value = 0; value < 64; ++value) {
    Histogram histogram;
    histogram.add(Duration(value));
    EXPECT_EQ(histogram.quantile(500), Duration(value));
  }
}

TEST(Histogram, KeepsWhatIsOutOfRangeAtTheEnds) {
  Histogram histogram;
  histogram.add(-5s);
  histogram.add(1h);
  EXPECT_EQ(histogram.quantile(1), 0us);
  EXPECT_EQ(histogram.quantile(1000), 120s);
}

TEST(Histogram, HasNoQuantileWhenEmpty) { EXPECT_EQ(Histogram().quantile(500), std::nullopt); }

// Against sorting all values.
TEST(Histogram, QuantilesAreThoseOfTheValues) {
  std::mt19937_64 random(7);
  std::vector<Duration> values;
  Histogram histogram;
  for (int index = 0; index < 5000; ++index) {
    values.push_back(some_duration(random));
    histogram.add(values.back());
  }
  std::ranges::sort(values);
  for (const uint32_t share : {1U, 10U, 500U, 900U, 950U, 999U, 1000U}) {
    const size_t rank = (values.size() * share + 999) / 1000;
    const int64_t exact = values[rank - 1].count();
    EXPECT_NEAR(static_cast<double>(histogram.quantile(share)->count()), static_cast<double>(exact),
                static_cast<double>(exact) * 0.02)
        << share;
  }
}

// Hours become days and locations become one: the parts merged are the whole, in any order.
TEST(Histogram, MergingIsAddingAllValues) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 50; ++round) {
    const Histogram a = some_histogram(random, random() % 50);
    const Histogram b = some_histogram(random, random() % 50);
    Histogram ab = a;
    ab.merge(b);
    Histogram ba = b;
    ba.merge(a);
    EXPECT_EQ(ab, ba);
    EXPECT_EQ(ab.count(), a.count() + b.count());
    Histogram with_nothing = a;
    with_nothing.merge(Histogram());
    EXPECT_EQ(with_nothing, a);
  }
}

TEST(Histogram, CountsStopAtTheirHighestValue) {
  Histogram histogram;
  histogram.add(1ms, std::numeric_limits<uint64_t>::max());
  histogram.add(1ms, 5);
  histogram.add(2ms, 5);
  EXPECT_EQ(histogram.count(), std::numeric_limits<uint64_t>::max());
  EXPECT_NEAR(static_cast<double>(histogram.quantile(999)->count()), 1000, 20);
}

TEST(Histogram, UnpacksWhatItPacked) {
  std::mt19937_64 random(13);
  for (size_t values = 0; values < 200; ++values) {
    const Histogram histogram = some_histogram(random, values);
    const Result<Histogram> read = Histogram::unpack(histogram.pack());
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(*read, histogram);
  }
}

// Bytes on disk: the borders of the buckets must never move.
TEST(Histogram, PackedFormNeverChanges) {
  Histogram histogram;
  histogram.add(1us);
  histogram.add(1ms, 300);
  histogram.add(10s, 2);
  EXPECT_EQ(histogram.pack(), std::string("\x01\x01\x01\xBC\x01\xAC\x02\xA7\x03\x02", 10));
}

TEST(Histogram, RefusesWhatItWouldNotHaveWritten) {
  using std::string_literals::operator""s;
  for (const std::string& packed : {""s, "\x02"s, "\x01\x01"s, "\x01\x01\x00"s, "\x01\x81"s,
                                    "\x01\x01\x81\x00"s, "\x01\xFF\x7F\x01"s}) {
    const Result<Histogram> read = Histogram::unpack(packed);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().kind, ErrorKind::corrupt);
  }
}

}  // namespace
}  // namespace tocsin
