#include "notify/backoff.h"

#include <gtest/gtest.h>

#include <vector>

namespace tocsin {
namespace {

constexpr SystemTime kNow{1'000'000s};
constexpr uint64_t kNoJitter = 200;  // the middle of -20 % .. +20 %

// The schedule of docs/formats/webhook.md, row by row: fifteen attempts, then no more.
TEST(Backoff, Schedule) {
  const std::vector<Duration> waits = {0s, 5s,  30s, 2min, 5min, 15min, 1h, 3h,
                                       6h, 12h, 12h, 12h,  12h,  12h,   2h};
  ASSERT_EQ(waits.size(), kDeliveryAttemptsMax);
  for (uint32_t failed = 0; failed < waits.size(); ++failed) {
    EXPECT_EQ(next_delivery_attempt(failed, std::nullopt, kNow, kNoJitter), kNow + waits[failed])
        << failed;
  }
  for (const uint32_t failed : {15U, 16U, UINT32_MAX}) {
    EXPECT_EQ(next_delivery_attempt(failed, std::nullopt, kNow, kNoJitter), std::nullopt) << failed;
  }
}

TEST(Backoff, JitterStaysWithinTwentyPercent) {
  for (uint64_t chance = 0; chance < 1000; ++chance) {
    const SystemTime next = next_delivery_attempt(6, std::nullopt, kNow, chance).value();
    EXPECT_GE(next, kNow + 48min);
    EXPECT_LE(next, kNow + 72min);
  }
  EXPECT_EQ(next_delivery_attempt(6, std::nullopt, kNow, 0), kNow + 48min);
  EXPECT_EQ(next_delivery_attempt(6, std::nullopt, kNow, 400), kNow + 72min);
}

// A receiver may ask for more patience than we have by ourselves, never for less, and not for days.
TEST(Backoff, RetryAfterCountsWhenLonger) {
  EXPECT_EQ(next_delivery_attempt(1, Duration(40s), kNow, kNoJitter), kNow + 40s);
  EXPECT_EQ(next_delivery_attempt(6, Duration(40s), kNow, kNoJitter), kNow + 1h);
  EXPECT_EQ(next_delivery_attempt(1, Duration(48h), kNow, kNoJitter), kNow + 1h);
}

// Not even a receiver that asks for a year gets more attempts than any other.
TEST(Backoff, RetryAfterAddsNoAttempt) {
  EXPECT_EQ(next_delivery_attempt(kDeliveryAttemptsMax, Duration(24h * 365), kNow, kNoJitter),
            std::nullopt);
}

}  // namespace
}  // namespace tocsin
