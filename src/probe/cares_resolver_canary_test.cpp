// "There is no such name", and the canary: a resolver that denies a name that always exists is at
// fault itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/cares_resolver.h"
#include "probe/test_resolver.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using CaresResolverCanary = CaresResolverTest;

// It lost its zones, or a login page stands before it: it denies all names, the canary included.
TEST_F(CaresResolverCanary, WhoDeniesTheCanaryDeniesNobodyElse) {
  start("canary.example");
  server.forgets("canary.example");
  const ResolveAnswer answer = ask("db.example");
  EXPECT_EQ(error(answer), "resolver_down");
  EXPECT_EQ(answer.error->detail,
            "it has no address of db.example, and none of the canary canary.example either, a name "
            "that always exists (asked: " +
                server.address() + ")");
}

// The same with an empty answer in place of "no such name".
TEST_F(CaresResolverCanary, AnEmptyAnswerIsADenialToo) {
  start("canary.example");
  server.forgets("canary.example");
  server.exists_without_address("canary.example");
  server.exists_without_address("db.example");
  EXPECT_EQ(error(ask("db.example")), "resolver_down");
  EXPECT_THAT(server.questions(),
              ElementsAre("A db.example", "A canary.example", "AAAA canary.example"));
}

// A canary of IPv6 alone exists.
TEST_F(CaresResolverCanary, ACanaryOfTheOtherFamilyExists) {
  start("canary.example");
  server.forgets("canary.example");
  server.has("canary.example", "2001:db8::1", 60);
  EXPECT_EQ(error(ask("db.example")), "host_not_found");
}

// It knows the canary, so that what it says of the name is the name's; and that is kept.
TEST_F(CaresResolverCanary, WhoKnowsTheCanaryIsBelieved) {
  start("canary.example");
  EXPECT_EQ(error(ask("db.example")), "host_not_found");
  EXPECT_EQ(error(ask("db.example")), "host_not_found");
  EXPECT_THAT(server.questions(), ElementsAre("A db.example", "A canary.example"));
}

// What it said of the canary before the question proves nothing.
TEST_F(CaresResolverCanary, AYoungAnswerIsNoWitness) {
  start("canary.example");
  EXPECT_EQ(error(ask("a.example")), "host_not_found");
  clock.now += 1ms;
  server.forgets("canary.example");
  EXPECT_EQ(error(ask("db.example")), "resolver_down");
}

// A denial that is not believed takes no address away: the last good one is used, and the name is
// asked for until the resolver is well.
TEST_F(CaresResolverCanary, TheLastGoodAddressIsUsedMeanwhile) {
  start("canary.example");
  server.has("db.example", "10.1.1.1", 1);
  ask("db.example");
  clock.now += 2s;
  server.forgets("db.example");
  server.forgets("canary.example");
  const ResolveAnswer old = ask("db.example");
  EXPECT_THAT(texts(old), ElementsAre("10.1.1.1"));
  EXPECT_TRUE(old.stale);
  EXPECT_EQ(error(ask("new.example")), "resolver_down") << "no old address: unknown";
  clock.now += 2s;
  server.has("db.example", "10.1.1.2", 1);
  server.has("canary.example", "10.255.0.1", 60);
  ask("db.example");  // at once the old address; its question goes on
  pump(5);
  EXPECT_THAT(texts(ask("db.example")), ElementsAre("10.1.1.2"));
  EXPECT_EQ(error(ask("new.example")), "host_not_found");
}

// Beside a resolver that denies everything a failure is no name's either.
TEST_F(CaresResolverCanary, ADenialIsNoWitnessForAFailure) {
  start("canary.example");
  server.forgets("canary.example");
  ask("db.example");
  clock.now += 2s;
  server.fails("web.example");
  EXPECT_EQ(error(ask("web.example")), "resolver_down");
}

// Nothing is known of a canary that is silent: the name's denial is believed, two seconds later.
TEST_F(CaresResolverCanary, ASilentCanaryTakesNothingBack) {
  start("canary.example");
  server.is_silent_about("canary.example");
  const uint64_t token = begin("db.example", AddressWish::v4, 60s);
  pass(1999ms);
  EXPECT_FALSE(is_answered(token));
  pass(1ms);
  ASSERT_TRUE(is_answered(token));
  EXPECT_EQ(error(answers[token]), "host_not_found");
}

// Without a canary there is nothing to compare with.
TEST_F(CaresResolverCanary, WithoutOneADenialIsBelieved) {
  EXPECT_EQ(error(ask("db.example")), "host_not_found");
  EXPECT_THAT(server.questions(), ElementsAre("A db.example"));
}

// A monitor names its resolver to hear what that one says: it need not know the canary.
TEST_F(CaresResolverCanary, AMonitorsResolverIsBelieved) {
  auto made = make_cares_resolver(io, clock,
                                  {.servers = {server.address()},
                                   .canary = "canary.example",
                                   .hosts_file = "/nonexistent",
                                   .is_monitors = true});
  ASSERT_TRUE(made);
  resolver = std::move(*made);
  EXPECT_EQ(error(ask("db.corp")), "host_not_found");
  EXPECT_THAT(server.questions(), ElementsAre("A db.corp"));
}

}  // namespace
}  // namespace tocsin
