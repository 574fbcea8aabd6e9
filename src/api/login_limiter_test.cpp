#include "api/login_limiter.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr SteadyTime kStart{24h};

SocketAddress at(const char* ip) { return {.ip = *IpAddress::parse(ip), .port = 1234}; }

// The story of the header: five wrong ones, then waiting until the first of them is old.
// Whoever was locked out and has a new password set need not wait; nobody else gains by it.
TEST(LoginLimiter, NewPasswordStartsAnew) {
  LoginLimiter limiter;
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(limiter.begin("ann", at("192.0.2.1"), kStart));
    EXPECT_FALSE(limiter.begin("bob", at("192.0.2.1"), kStart));
  }
  limiter.renewed("ann");
  EXPECT_FALSE(limiter.begin("ann", at("192.0.2.1"), kStart));
  EXPECT_TRUE(limiter.begin("bob", at("192.0.2.1"), kStart));
}

TEST(LoginLimiter, SixthWrongPasswordWaits) {
  LoginLimiter limiter;
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(limiter.begin("ann", at("192.0.2.1"), kStart + i * 1s)) << i;
  }
  EXPECT_EQ(limiter.begin("ann", at("192.0.2.1"), kStart + 5s), 15min - 5s);
  EXPECT_EQ(limiter.begin("ann", at("192.0.2.1"), kStart + 15min - 1s), 1s);
  EXPECT_FALSE(limiter.begin("ann", at("192.0.2.1"), kStart + 15min));
  EXPECT_EQ(limiter.begin("ann", at("192.0.2.1"), kStart + 15min), 1s)
      << "what was refused does not count, what was tried does";
}

// Somebody who guesses at "ann" from elsewhere does not lock her out at home.
TEST(LoginLimiter, CountsEachAccountAndClientForItself) {
  LoginLimiter limiter;
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(limiter.begin("ann", at("192.0.2.1"), kStart));
  }
  EXPECT_TRUE(limiter.begin("ann", at("192.0.2.1"), kStart));
  EXPECT_FALSE(limiter.begin("ann", at("192.0.2.2"), kStart));
  EXPECT_FALSE(limiter.begin("bob", at("192.0.2.1"), kStart));
}

TEST(LoginLimiter, FiftyAnHourFromOneClientOverAllAccounts) {
  LoginLimiter limiter;
  for (int i = 0; i < 50; ++i) {
    EXPECT_FALSE(limiter.begin("user" + std::to_string(i), at("192.0.2.1"), kStart + i * 1min));
  }
  EXPECT_EQ(limiter.begin("another", at("192.0.2.1"), kStart + 50min), 10min);
  EXPECT_FALSE(limiter.begin("another", at("192.0.2.2"), kStart + 50min));
  EXPECT_FALSE(limiter.begin("another", at("192.0.2.1"), kStart + 60min));
}

// Whoever owns an IPv6 network has 2^64 addresses in it: they are one client.
TEST(LoginLimiter, AnIpv6NetworkIsOneClient) {
  LoginLimiter limiter;
  for (int i = 0; i < 5; ++i) {
    const std::string ip = "2001:db8::" + std::to_string(i + 1);
    EXPECT_FALSE(limiter.begin("ann", at(ip.c_str()), kStart));
  }
  EXPECT_TRUE(limiter.begin("ann", at("2001:db8::ffff"), kStart));
  EXPECT_FALSE(limiter.begin("ann", at("2001:db8:0:1::1"), kStart));
}

// Attempts count from their beginning, or thirty at once would all be let through.
TEST(LoginLimiter, TheRightPasswordTakesItsAttemptBack) {
  LoginLimiter limiter;
  for (int i = 0; i < 200; ++i) {
    ASSERT_FALSE(limiter.begin("ann", at("192.0.2.1"), kStart)) << i;
    limiter.succeeded("ann", at("192.0.2.1"));
  }
  for (int i = 0; i < 200; ++i) {
    ASSERT_FALSE(limiter.begin("ann", at("192.0.2.1"), kStart)) << i;
    limiter.take_back("ann", at("192.0.2.1"));
  }
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(limiter.begin("ann", at("192.0.2.1"), kStart));
  }
  EXPECT_FALSE(limiter.begin("ann", at("192.0.2.1"), kStart));
  limiter.succeeded("ann", at("192.0.2.1"));
  EXPECT_FALSE(limiter.begin("ann", at("192.0.2.1"), kStart))
      << "the right one forgives the others";
}

// Many keys, each once: memory stays bounded and the newest are still known.
TEST(FailureWindow, IsBounded) {
  FailureWindow window(1, 15min, 100);
  for (int i = 0; i < 1000; ++i) {
    window.add(std::to_string(i), kStart + i * 1s);
    ASSERT_LE(window.keys(), 100U);
  }
  EXPECT_TRUE(window.wait("999", kStart + 1000s));
  EXPECT_FALSE(window.wait("0", kStart + 1000s));
}

// What is old goes before anything that still counts.
TEST(FailureWindow, ForgetsTheOldFirst) {
  FailureWindow window(1, 15min, 10);
  for (int i = 0; i < 5; ++i) {
    window.add("old" + std::to_string(i), kStart);
  }
  for (int i = 0; i < 10; ++i) {
    window.add("new" + std::to_string(i), kStart + 15min);
  }
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(window.wait("new" + std::to_string(i), kStart + 15min)) << i;
  }
}

}  // namespace
}  // namespace tocsin
