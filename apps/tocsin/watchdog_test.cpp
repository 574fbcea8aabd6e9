#include "watchdog.h"

#include <gtest/gtest.h>

#include <semaphore>
#include <vector>

namespace tocsin {
namespace {

TEST(WatchdogLimit, IsWhatTheSupervisorWrote) {
  EXPECT_EQ(watchdog_limit("60000000", "42", 42), Duration(60s));
  EXPECT_EQ(watchdog_limit("60000000", std::nullopt, 42), Duration(60s));
}

// Signs nobody waits for are no harm, but a process must not speak for another.
TEST(WatchdogLimit, IsNothingWhenNoneIsWaitedFor) {
  EXPECT_EQ(watchdog_limit(std::nullopt, std::nullopt, 42), std::nullopt);
  EXPECT_EQ(watchdog_limit("60000000", "43", 42), std::nullopt);
  EXPECT_EQ(watchdog_limit("60000000", "x", 42), std::nullopt);
  for (const char* bad : {"", "0", "-1", "60s", "99999999999999999999", "86400000001"}) {
    EXPECT_EQ(watchdog_limit(bad, "42", 42), std::nullopt) << bad;
  }
}

// A loop that turns gives sign after sign.
TEST(Watchdog, SignsAgainAndAgain) {
  std::counting_semaphore<> signs(0);
  const Watchdog watchdog(
      3ms, [](const std::function<void()>& work) { work(); }, [&signs] { signs.release(); });
  for (int sign = 0; sign < 3; ++sign) {
    signs.acquire();
  }
}

// While the loop hangs nothing is said, and no list of signs grows until it goes on.
TEST(Watchdog, IsSilentWhileTheLoopHangs) {
  std::mutex mutex;
  std::vector<std::function<void()>> posted;
  std::counting_semaphore<> posts(0);
  int signs = 0;
  const Watchdog watchdog(
      3ms,
      [&](std::function<void()> work) {
        const std::lock_guard lock(mutex);
        posted.push_back(std::move(work));
        posts.release();
      },
      [&signs] { ++signs; });
  for (int turn = 1; turn <= 3; ++turn) {
    posts.acquire();
    std::function<void()> work;
    {
      const std::lock_guard lock(mutex);
      ASSERT_EQ(posted.size(), 1U);
      work = std::move(posted.front());
      posted.clear();
    }
    EXPECT_EQ(signs, turn - 1);
    work();
    EXPECT_EQ(signs, turn);
  }
}

}  // namespace
}  // namespace tocsin
