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

// The canary tells a dead resolver from a dead name: it is asked while the name is silent.
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

// It begins to say so this moment: an answer of just now proves nothing of it, and the last good
// address is used. When the resolver is well again the failure is the name's at once.
TEST_F(CaresResolverDown, YoungAnswerDoesNotBlameTheNameForAFailure) {
  start("canary.example");
  server.has("db.example", "10.1.1.1", 1);
  server.has("good.example", "10.1.1.2", 60);
  ask("db.example");
  ask("good.example");
  clock.now += 2s;
  server.fails("db.example");
  server.fails("canary.example");
  const ResolveAnswer old = ask("db.example", AddressWish::both);
  EXPECT_THAT(texts(old), ElementsAre("10.1.1.1"));
  EXPECT_TRUE(old.stale);
  server.refuses("new.example");
  EXPECT_EQ(error(ask("new.example")), "resolver_down") << "no old address: unknown";

  clock.now += 2s;
  server.fails("canary.example", false);
  ask("unheard.example");
  clock.now += 1s;
  EXPECT_EQ(error(ask("db.example")), "dns_failed");
}

// Its own family's "no such address" is an answer for the same name: it proves nothing for others.
TEST_F(CaresResolverDown, TheOtherFamilyOfTheNameIsNoWitness) {
  start("canary.example");
  server.exists_without_address("db.example");
  server.fails_for_ipv4("db.example");
  server.fails("canary.example");
  EXPECT_EQ(error(ask("db.example", AddressWish::both)), "resolver_down");
}

// A canary that is silent beside a resolver that fails: the old address comes before the canary's
// time is over.
TEST_F(CaresResolverDown, OldAddressDoesNotWaitForASilentCanary) {
  start("canary.example");
  server.has("db.example", "10.1.1.1", 1);
  ask("db.example");
  clock.now += 2s;
  server.fails("db.example");
  server.is_silent_about("canary.example");
  const uint64_t token = begin("db.example", AddressWish::v4, 2s);
  pass(999ms);
  EXPECT_FALSE(is_answered(token));
  pass(1ms);
  ASSERT_TRUE(is_answered(token));
  EXPECT_TRUE(answers[token].stale);
}

// Without a canary a name that was well before is asked in its place.
TEST_F(CaresResolverDown, AnotherKnownNameStandsInForTheCanary) {
  server.has("db.example", "10.1.1.1", 1);
  server.has("web.example", "10.1.1.2", 3600);
  ask("web.example");
  ask("db.example");
  clock.now += 2s;
  server.fails("db.example");
  EXPECT_EQ(error(ask("db.example")), "dns_failed");
  EXPECT_EQ(server.questions().back(), "A web.example");
  clock.now += 2s;
  server.fails("web.example");
  const ResolveAnswer old = ask("db.example");
  EXPECT_TRUE(old.stale) << error(old);
}

// One of a broken zone is a bad witness; the next doubt asks another.
TEST_F(CaresResolverDown, StandInsTakeTurns) {
  server.has("far.example", "10.1.1.3", 3600);
  ask("far.example");
  for (const char* name : {"web.corp", "db.corp"}) {
    server.has(name, "10.1.1.1", 1);
    ask(name);
    server.fails(name);
  }
  clock.now += 2s;
  EXPECT_TRUE(ask("db.corp").stale) << "web.corp was asked";
  clock.now += 2s;
  ask("db.corp");  // the old address at once; its question goes on
  pump(5);
  clock.now += 2s;
  ask("db.corp");
  pump(5);
  EXPECT_EQ(error(ask("db.corp")), "dns_failed");
}

// Its own zones are all that it knows, and the canary is none of them: it lives, and what it says
// of its names is theirs. In the silence of one name it is the canary alone that proves it.
TEST_F(CaresResolverDown, AMonitorsResolverThatRefusesTheCanaryLives) {
  auto made = make_cares_resolver(io, clock,
                                  {.servers = {server.address()},
                                   .canary = "canary.example",
                                   .hosts_file = "/nonexistent",
                                   .is_monitors = true});
  ASSERT_TRUE(made);
  resolver = std::move(*made);
  server.refuses("canary.example");
  server.fails("db.corp");
  server.is_silent_about("slow.corp");
  EXPECT_EQ(error(ask("db.corp")), "dns_failed");
  clock.now += 1min;
  const uint64_t token = begin("slow.corp");
  pass(1s);
  EXPECT_THAT(server.questions(), testing::Contains("A canary.example"));
  pass(4s);
  EXPECT_EQ(error(answers[token]), "dns_timeout");
  server.is_silent(true);
  clock.now += 1min;
  const uint64_t dead = begin("db.corp");
  pass(1s);
  pass(4s);
  EXPECT_EQ(error(answers[dead]), "resolver_down");
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
  pass(1799ms);
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

// RFC 8767: silence is not the host's failure while an old address is known, whatever else the
// resolver answers. The question goes on, and its answer is the next asker's.
TEST_F(CaresResolverDown, StaleAddressAfterSilenceAboutOneName) {
  start("canary.example");
  server.has("db.example", "10.1.1.1", 1);
  ask("db.example");
  clock.now += 2s;
  const uint64_t token = begin("db.example", AddressWish::v4, 60s);
  const uint64_t hasty = begin("db.example", AddressWish::v4, 2s);
  clock.now += 999ms;
  drive();
  EXPECT_FALSE(is_answered(hasty));
  clock.now += 1ms;
  drive();
  EXPECT_TRUE(is_answered(hasty)) << "half of what it has";
  clock.now += 799ms;
  drive();
  EXPECT_FALSE(is_answered(token));
  clock.now += 1ms;
  drive();
  ASSERT_TRUE(is_answered(token));
  EXPECT_THAT(texts(answers[token]), ElementsAre("10.1.1.1"));
  EXPECT_TRUE(answers[token].stale);

  server.forgets("db.example");
  server.has("db.example", "10.1.1.2", 30);
  pump(3);
  const uint64_t next = begin("db.example");
  ASSERT_TRUE(is_answered(next)) << "the late answer came to the cache";
  EXPECT_THAT(texts(answers[next]), ElementsAre("10.1.1.2"));
  EXPECT_FALSE(answers[next].stale);
}

// A resolver that is being restarted refuses: an old address is used at once.
TEST_F(CaresResolverDown, StaleAddressAtOnceWhenNobodyListens) {
  server.has("db.example", "10.1.1.1", 1);
  ask("db.example");
  clock.now += 2s;
  server.is_gone(true);
  const ResolveAnswer answer = ask("db.example", AddressWish::both);
  EXPECT_EQ(error(answer), "none");
  EXPECT_THAT(texts(answer), ElementsAre("10.1.1.1"));
  EXPECT_TRUE(answer.stale);
  server.is_gone(false);
  EXPECT_FALSE(ask("db.example").stale);
}

// A failure that the resolver tells is an answer: the old address does not hide it, however long
// the other family is silent.
TEST_F(CaresResolverDown, NoStaleAddressAfterAnAnswer) {
  server.has("db.example", "10.1.1.1", 1);
  server.has("gone.example", "10.1.1.2", 1);
  ask("db.example");
  ask("gone.example");
  clock.now += 2s;
  server.has_no_word_on_ipv6(true);
  server.fails("db.example");
  server.forgets("gone.example");
  const uint64_t gone = begin("gone.example", AddressWish::both);
  const uint64_t token = begin("db.example", AddressWish::both);
  pass(50ms);
  EXPECT_EQ(error(answers[gone]), "host_not_found");
  pass(4949ms);
  EXPECT_FALSE(is_answered(token));
  pass(1ms);
  EXPECT_EQ(error(answers[token]), "dns_failed");
}

// The answer is there, and only the resolver's TCP port keeps it from us: that is no name's fault,
// however well all else is answered.
TEST_F(CaresResolverDown, AnAnswerThatNeedsTcpIsTheResolversToDeliver) {
  start("canary.example");
  server.has("big.example", "10.1.1.1", 1);
  ask("big.example");
  server.has("new.example", "10.1.1.2", 1);
  server.truncates("big.example");
  server.truncates("new.example");
  clock.now += 2s;
  EXPECT_TRUE(ask("big.example").stale);
  const uint64_t token = begin("new.example", AddressWish::v4, 1s);
  pump(20);
  ask("other.example");
  pass(1s);
  ASSERT_TRUE(is_answered(token));
  EXPECT_EQ(error(answers[token]), "resolver_down");
  EXPECT_THAT(answers[token].error->detail,
              testing::HasSubstr("it answered by UDP that the answer needs TCP, and its TCP port "
                                 "refuses"));
}

// The same when TCP is silent, as behind a firewall that drops it.
TEST_F(CaresResolverDown, SilenceByTcpIsTheResolversToo) {
  server.listens_by_tcp();
  server.has("big.example", "10.1.1.1", 1);
  server.truncates("big.example");
  const uint64_t token = begin("big.example", AddressWish::v4, 1s);
  pump(20);
  ask("other.example");
  pass(1s);
  ASSERT_TRUE(is_answered(token));
  EXPECT_EQ(error(answers[token]), "resolver_down");
  EXPECT_THAT(answers[token].error->detail, testing::HasSubstr("gave none by TCP"));
}

TEST_F(CaresResolverDown, AnAnswerThatCannotBeReadIsNoNamesFault) {
  start("canary.example");
  server.has("db.example", "10.1.1.1", 1);
  server.garbles("db.example");
  ask("good.example");
  const ResolveAnswer answer = ask("db.example");
  EXPECT_EQ(error(answer), "resolver_down");
}

// Without an old address a refusal is not the end while there is time: it is asked again after
// 200 ms, then 400 ms later, and so on.
TEST_F(CaresResolverDown, RefusedQuestionIsPutAgain) {
  server.has("db.example", "10.1.1.1", 60);
  server.is_gone(true);
  const uint64_t token = begin("db.example");
  pump(20);
  clock.now += 200ms;
  pump(20);
  EXPECT_FALSE(is_answered(token));
  server.is_gone(false);
  clock.now += 399ms;
  pump(5);
  EXPECT_THAT(server.questions(), testing::IsEmpty());
  clock.now += 1ms;
  EXPECT_THAT(texts(wait_for(token)), ElementsAre("10.1.1.1"));
  EXPECT_FALSE(answers[token].stale);
}

// The resolver died a moment ago: its last answer is young, but older than this question.
TEST_F(CaresResolverDown, SilenceSinceTheQuestionIsTheResolvers) {
  start("canary.example");
  server.has("good.example", "10.1.1.1", 60);
  ask("good.example");
  server.is_silent(true);
  clock.now += 1s;
  const uint64_t token = begin("db.example");
  pass(1s);
  pass(4s);
  EXPECT_EQ(error(answers[token]), "resolver_down");
}

// The same silence about one name of a resolver that lives: the canary is asked although the last
// answer is young, and its answer puts the fault on the name.
TEST_F(CaresResolverDown, CanaryAnswersForAYoungSilence) {
  start("canary.example");
  server.has("good.example", "10.1.1.1", 60);
  ask("good.example");
  server.is_silent_about("db.example");
  clock.now += 1ms;
  const uint64_t token = begin("db.example", AddressWish::v4, 3s);
  pass(1s);
  pass(2s);
  EXPECT_EQ(error(answers[token]), "dns_timeout");
}

// Nothing listens where the resolver should be.
TEST_F(CaresResolverDown, NobodyAtTheResolversPort) {
  const std::string gone = TestDnsServer().address();
  auto made = make_cares_resolver(io, clock, {{gone}, "", "/nonexistent"});
  ASSERT_TRUE(made);
  resolver = std::move(*made);
  const uint64_t token = begin("db.example");
  pump(20);
  EXPECT_FALSE(is_answered(token)) << "it may come back";
  pass(5s);
  const ResolveAnswer answer = answers[token];
  ASSERT_EQ(error(answer), "resolver_down");
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
