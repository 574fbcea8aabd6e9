#include <gtest/gtest.h>

#include "notify/outbox.h"

namespace tocsin {
namespace {

constexpr SystemTime kCreated{1'000'000s};
constexpr uint64_t kNoJitter = 200;  // the middle of -20 % .. +20 %

Delivery after(uint32_t attempts) {
  Delivery delivery;
  delivery.attempts = attempts;
  delivery.created = kCreated;
  return delivery;
}

// The schedule of product.md, row by row.
TEST(Backoff, Schedule) {
  const std::pair<uint32_t, Duration> rows[] = {{0, 0s},   {1, 5s},    {2, 30s},  {3, 2min},
                                                {4, 5min}, {5, 15min}, {6, 1h},   {7, 3h},
                                                {8, 6h},   {9, 12h},   {10, 12h}, {1000, 12h}};
  for (const auto& [attempts, wait] : rows) {
    EXPECT_EQ(next_delivery_attempt(after(attempts), std::nullopt, kCreated, kNoJitter),
              kCreated + wait)
        << attempts;
  }
}

TEST(Backoff, JitterStaysWithinTwentyPercent) {
  for (uint64_t chance = 0; chance < 1000; ++chance) {
    const SystemTime next = next_delivery_attempt(after(6), std::nullopt, kCreated, chance).value();
    EXPECT_GE(next, kCreated + 48min);
    EXPECT_LE(next, kCreated + 72min);
  }
  EXPECT_EQ(next_delivery_attempt(after(6), std::nullopt, kCreated, 0), kCreated + 48min);
  EXPECT_EQ(next_delivery_attempt(after(6), std::nullopt, kCreated, 400), kCreated + 72min);
}

// A receiver may ask for more patience than we have by ourselves, never for less, and not for days.
TEST(Backoff, RetryAfterCountsWhenLonger) {
  EXPECT_EQ(next_delivery_attempt(after(1), Duration(40s), kCreated, kNoJitter), kCreated + 40s);
  EXPECT_EQ(next_delivery_attempt(after(6), Duration(40s), kCreated, kNoJitter), kCreated + 1h);
  EXPECT_EQ(next_delivery_attempt(after(1), Duration(48h), kCreated, kNoJitter), kCreated + 1h);
}

// Example: the attempt at 70 h fails; 12 h more would be past the horizon, so the last one is at 72
// h.
TEST(Backoff, LastAttemptIsAtTheHorizon) {
  EXPECT_EQ(next_delivery_attempt(after(14), std::nullopt, kCreated + 70h, kNoJitter),
            kCreated + 72h);
  EXPECT_EQ(next_delivery_attempt(after(15), std::nullopt, kCreated + 72h, kNoJitter),
            std::nullopt);
}

// We were off for a week: what was never tried is tried once.
TEST(Backoff, AnUntriedDeliveryIsNeverGivenUp) {
  EXPECT_EQ(next_delivery_attempt(after(0), std::nullopt, kCreated + 168h, kNoJitter),
            kCreated + 168h);
}

}  // namespace
}  // namespace tocsin
