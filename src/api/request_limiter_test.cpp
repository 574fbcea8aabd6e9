#include "api/request_limiter.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr SteadyTime kStart{1h};

// The example of the header: the burst, then the rate.
TEST(RequestLimiter, GivesTheBurstThenTheRate) {
  RequestLimiter limiter({.per_second = 50, .burst = 200});
  for (uint32_t i = 0; i < 200; ++i) {
    const auto answer = limiter.take("a", kStart);
    ASSERT_FALSE(answer.is_refused()) << i;
    EXPECT_EQ(answer.left, 199 - i);
  }
  const auto refused = limiter.take("a", kStart);
  EXPECT_TRUE(refused.is_refused());
  EXPECT_EQ(refused.wait, 20ms);
  EXPECT_EQ(refused.until_full, 4s);
  EXPECT_EQ(refused.left, 0U);
  EXPECT_FALSE(limiter.take("a", kStart + 20ms).is_refused());
  EXPECT_TRUE(limiter.take("a", kStart + 20ms).is_refused());
  EXPECT_EQ(limiter.take("a", kStart + 20ms + 4s).left, 199U);
  EXPECT_EQ(limiter.refused(), 2U);
}

// Whoever goes on asking while refused is not kept out any longer for it.
TEST(RequestLimiter, RefusedRequestsCostNothing) {
  RequestLimiter limiter({.per_second = 1, .burst = 1});
  EXPECT_FALSE(limiter.take("a", kStart).is_refused());
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(limiter.take("a", kStart + 500ms).is_refused());
  }
  EXPECT_FALSE(limiter.take("a", kStart + 1s).is_refused());
}

TEST(RequestLimiter, EachKeyHasItsOwnBucket) {
  RequestLimiter limiter({.per_second = 1, .burst = 1});
  EXPECT_FALSE(limiter.take("a", kStart).is_refused());
  EXPECT_FALSE(limiter.take("b", kStart).is_refused());
  EXPECT_TRUE(limiter.take("a", kStart).is_refused());
}

// Strangers from everywhere cost bounded memory, and do not free the one who is refused sooner than
// those who asked little.
TEST(RequestLimiter, RemembersABoundedNumberOfKeys) {
  RequestLimiter limiter({.per_second = 1, .burst = 10}, 100);
  for (int i = 0; i < 10; ++i) {
    limiter.take("greedy", kStart);
  }
  for (int i = 0; i < 1000; ++i) {
    limiter.take("stranger " + std::to_string(i), kStart + 1ms);
  }
  EXPECT_EQ(limiter.keys(), 100U);
  EXPECT_TRUE(limiter.take("greedy", kStart + 1ms).is_refused());
  limiter.take("late", kStart + 1h);
  EXPECT_EQ(limiter.keys(), 1U) << "full buckets are forgotten";
}

}  // namespace
}  // namespace tocsin
