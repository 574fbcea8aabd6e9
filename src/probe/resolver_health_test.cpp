#include "probe/resolver_health.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr SteadyTime kNow{1h};

// The one number of the rule: ten seconds.
TEST(ResolverHealth, AnAnswerCountsForTenSeconds) {
  ResolverHealth health(false);
  EXPECT_FALSE(health.answered_lately(kNow)) << "it has never answered";
  health.on_answer("a.example", kNow);
  EXPECT_TRUE(health.answered_lately(kNow + 10s));
  EXPECT_FALSE(health.answered_lately(kNow + 10s + 1us));
}

// A thousand silent names ask the canary once, not a thousand times.
TEST(ResolverHealth, CanaryIsAskedOnceAtATime) {
  ResolverHealth health(false);
  EXPECT_TRUE(health.wants_canary(kNow, "db.example", kNow));
  health.on_canary_asked(kNow);
  EXPECT_FALSE(health.wants_canary(kNow, "db.example", kNow));
  EXPECT_TRUE(health.is_canary_awaited(kNow + 1999ms));
  EXPECT_FALSE(health.is_canary_awaited(kNow + 2s));
  EXPECT_TRUE(health.wants_canary(kNow + 2s, "db.example", kNow));
}

TEST(ResolverHealth, FailedCanaryIsAskedAgainAfterAPause) {
  ResolverHealth health(false);
  health.on_canary_asked(kNow);
  health.on_canary_failed();
  EXPECT_FALSE(health.is_canary_awaited(kNow));
  EXPECT_FALSE(health.wants_canary(kNow + 999ms, "db.example", kNow));
  EXPECT_TRUE(health.wants_canary(kNow + 1s, "db.example", kNow));
}

// A denial proves no life of a resolver that denies the canary, until it knows it again.
TEST(ResolverHealth, ADenialIsNoLifeWhileTheCanaryIsDenied) {
  ResolverHealth health(false);
  DnsReply denial, found;
  denial.kind = DnsReply::Kind::no_name;
  found.kind = DnsReply::Kind::addresses;
  found.addresses = {*IpAddress::parse("192.0.2.1")};
  EXPECT_TRUE(health.is_life(denial));
  health.on_canary_denied(kNow);
  EXPECT_FALSE(health.is_life(denial));
  EXPECT_TRUE(health.is_life(found));
  EXPECT_TRUE(health.is_canary_denied(kNow + 999ms)) << "asked a moment later";
  EXPECT_FALSE(health.is_canary_denied(kNow + 1s)) << "it may be well by now: ask";
  health.on_canary_found(kNow + 2s);
  EXPECT_TRUE(health.is_life(denial));
  EXPECT_FALSE(health.is_canary_found(kNow + 2s + 1us)) << "before the question";
}

// A young answer to anything says as much as the canary would.
TEST(ResolverHealth, NoCanaryAfterAYoungAnswer) {
  ResolverHealth health(false);
  health.on_answer("a.example", kNow);
  EXPECT_FALSE(health.wants_canary(kNow + 2999ms, "db.example", kNow));
  EXPECT_TRUE(health.wants_canary(kNow + 3s, "db.example", kNow));
  EXPECT_TRUE(health.wants_canary(kNow + 2s, "db.example", kNow + 1us))
      << "it is older than the question";
  EXPECT_TRUE(health.wants_canary(kNow, "a.example", kNow)) << "that was its own answer";
}

// SERVFAIL is about the name when another name was answered since it was asked for; of a monitor's
// resolver it always is.
TEST(ResolverHealth, AFailureIsProvenByAnotherName) {
  ResolverHealth ours(false), monitors(true);
  EXPECT_FALSE(ours.proves_failure("db.example", kNow)) << "nothing was ever answered";
  ours.on_answer("a.example", kNow);
  EXPECT_TRUE(ours.proves_failure("db.example", kNow));
  EXPECT_FALSE(ours.proves_failure("db.example", kNow + 1us)) << "it is older";
  ours.on_answer("db.example", kNow + 1s);
  EXPECT_FALSE(ours.proves_failure("db.example", kNow + 1us)) << "its own answer";
  EXPECT_TRUE(ours.proves_failure("db.example", kNow)) << "the other one still counts";
  EXPECT_TRUE(ours.proves_failure("web.example", kNow + 1s));
  monitors.on_answer("db.example", kNow);
  EXPECT_TRUE(monitors.proves_failure("db.example", kNow));
}

// The same REFUSED: of our own resolver our own trouble, of one that a monitor names what it says.
TEST(ResolverHealth, AnyWordOfAMonitorsResolverIsLife) {
  const DnsReply refused{
      .kind = DnsReply::Kind::failed, .addresses = {}, .ttl = {}, .detail = "", .heard = true};
  const DnsReply broken{.kind = DnsReply::Kind::failed, .addresses = {}, .ttl = {}, .detail = ""};
  const DnsReply no_name{.kind = DnsReply::Kind::no_name, .addresses = {}, .ttl = {}, .detail = ""};
  const ResolverHealth ours(false), monitors(true);
  EXPECT_FALSE(ours.is_life(refused));
  EXPECT_TRUE(monitors.is_life(refused));
  EXPECT_FALSE(monitors.is_life(broken)) << "nobody said it";
  EXPECT_FALSE(monitors.is_life({})) << "silence";
  EXPECT_TRUE(ours.is_life(no_name));
}

TEST(ResolverHealth, FirstAnswerEndsADownTime) {
  ResolverHealth health(false);
  health.judge_down();
  EXPECT_TRUE(health.is_known_down());
  health.on_answer("a.example", kNow);
  EXPECT_FALSE(health.is_known_down());
}

}  // namespace
}  // namespace tocsin
