// Whose fault is it: the name's or the resolver's? And what is done while the resolver is down.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/cares_resolver.h"
#include "probe/test_resolver.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using CaresResolverDown = CaresResolverTest;

// Silence about one name of a living resolver: dns_timeout, at the deadline of the request and not
// before.
TEST_F(CaresResolverDown, SilenceEndsAtTheDeadline) {
  server.has("good.example", "10.1.1.1", 60);
  server.is_silent_about("slow.example");
  ask("good.example");
  const uint64_t token = begin("slow.example", AddressWish::v4, 5s);
  pass(4999ms);
  EXPECT_FALSE(is_answered(token));
  EXPECT_LE(resolver->next_deadline(), clock.now + 1ms);
  pass(1ms);
  ASSERT_TRUE(is_answered(token));
  EXPECT_EQ(error(answers[token]), "dns_timeout");
  EXPECT_EQ(answers[token].error->detail,
            "no answer for slow.example within 5.00 s (asked: " + server.address() + ")");
}

// Nothing at all answered in the last 10 s: it is not the names, it is the resolver.
TEST_F(CaresResolverDown, SilenceOfEverythingIsTheResolvers) {
  server.is_silent(true);
  const uint64_t token = begin("db.example");
  pass(5s);
  EXPECT_EQ(error(answers[token]), "resolver_down");
}

// The last answer counts for 10 s, not a moment longer.
TEST_F(CaresResolverDown, AnAnswerProvesLifeForTenSeconds) {
  server.has("good.example", "10.1.1.1", 1);
  ask("good.example");
  server.is_silent(true);
  const uint64_t early = begin("a.example", AddressWish::v4, 10s);
  const uint64_t late = begin("b.example", AddressWish::v4, 10001ms);
  pass(10s);
  EXPECT_EQ(error(answers[early]), "dns_timeout");
  pass(1ms);
  EXPECT_EQ(error(answers[late]), "resolver_down");
}

// The canary tells a dead resolver from a dead name: it is asked while the name is silent, and its
// NXDOMAIN is a sign of life.
TEST_F(CaresResolverDown, CanaryAnswersSoTheNameIsAtFault) {
  start("canary.example");
  server.is_silent_about("slow.example");
  const uint64_t token = begin("slow.example");
  pass(1s);
  EXPECT_THAT(server.questions(), ElementsAre("A slow.example", "A canary.example"));
  pass(4s);
  EXPECT_EQ(error(answers[token]), "dns_timeout");
}

TEST_F(CaresResolverDown, CanaryIsSilentToo) {
  start("canary.example");
  server.is_silent(true);
  const uint64_t token = begin("slow.example");
  pass(1s);
  pass(4s);
  EXPECT_EQ(error(answers[token]), "resolver_down");
}

// A forwarder that lost its upstream says SERVFAIL to everything, at once: the canary is heard
// first.
TEST_F(CaresResolverDown, ServerFailureOfEverythingIsTheResolvers) {
  start("canary.example");
  server.fails("db.example");
  server.fails("canary.example");
  EXPECT_EQ(error(ask("db.example")), "resolver_down");
  clock.now += 2s;
  server.fails("canary.example", false);
  EXPECT_EQ(error(ask("db.example")), "dns_failed");
}

// A canary that does not answer either is waited for two seconds, not for the whole timeout of a
// probe.
TEST_F(CaresResolverDown, SilentCanaryIsNotWaitedForLong) {
  start("canary.example");
  server.fails("db.example");
  server.is_silent_about("canary.example");
  const uint64_t token = begin("db.example", AddressWish::v4, 60s);
  pass(1999ms);
  EXPECT_FALSE(is_answered(token));
  pass(1ms);
  EXPECT_EQ(error(answers[token]), "resolver_down");
}

// While the resolver is down the last known address is used, marked; the first answer ends that.
TEST_F(CaresResolverDown, StaleAddressesWhileTheResolverIsDown) {
  server.has("db.example", "10.1.1.1", 30);
  ask("db.example");
  server.is_silent(true);
  clock.now += 60s;
  const uint64_t first = begin("db.example", AddressWish::v4, 10s);
  pass(1499ms);
  EXPECT_FALSE(is_answered(first));
  pass(1ms);
  ASSERT_TRUE(is_answered(first)) << "early enough to leave time for the connect";
  EXPECT_THAT(texts(answers[first]), ElementsAre("10.1.1.1"));
  EXPECT_TRUE(answers[first].stale);
  EXPECT_TRUE(answers[first].cached);

  const uint64_t second = begin("db.example");
  ASSERT_TRUE(is_answered(second)) << "known to be down: at once";
  EXPECT_TRUE(answers[second].stale);

  server.is_silent(false);
  server.has("other.example", "10.1.1.9", 30);
  ask("other.example");
  server.forgets("db.example");
  server.has("db.example", "10.1.1.2", 30);
  const uint64_t third = begin("db.example");
  EXPECT_FALSE(is_answered(third)) << "the resolver is back: it is asked";
}

// An address from more than an hour ago may be somebody else's by now.
TEST_F(CaresResolverDown, StaleEndsAfterAnHour) {
  server.has("db.example", "10.1.1.1", 30);
  ask("db.example");
  server.is_silent(true);
  clock.now += 30s + 1h + 1s;
  const uint64_t token = begin("db.example");
  pass(5s);
  EXPECT_EQ(error(answers[token]), "resolver_down");
}

// A resolver that lives and is silent about one name gives no reason to believe an old address.
TEST_F(CaresResolverDown, NoStaleAddressWhileTheResolverLives) {
  start("canary.example");
  server.has("db.example", "10.1.1.1", 30);
  ask("db.example");
  server.is_silent_about("db.example");
  clock.now += 60s;
  const uint64_t token = begin("db.example");
  pass(1s);
  pass(500ms);
  EXPECT_FALSE(is_answered(token));
  pass(3500ms);
  EXPECT_EQ(error(answers[token]), "dns_timeout");
}

// Nothing listens where the resolver should be.
TEST_F(CaresResolverDown, NobodyAtTheResolversPort) {
  const std::string gone = TestDnsServer().address();
  auto made = make_cares_resolver(io, clock, {{gone}, "", "/nonexistent"});
  ASSERT_TRUE(made);
  resolver = std::move(*made);
  const ResolveAnswer answer = ask("db.example");
  EXPECT_EQ(error(answer), "resolver_down");
  EXPECT_THAT(answer.error->detail, testing::HasSubstr("nothing listens at the resolver's port"));
}

// A name whose turn never came has not failed; it was our limit.
TEST_F(CaresResolverDown, WaitingForATurnIsNobodysFailure) {
  server.is_silent(true);
  for (int i = 0; i < 129; ++i) {
    begin("host" + std::to_string(i) + ".example");
  }
  pass(5s);
  EXPECT_EQ(error(answers[1]), "resolver_down");
  EXPECT_EQ(error(answers[129]), "overloaded");
}

}  // namespace
}  // namespace tocsin
