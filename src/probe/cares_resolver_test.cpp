// The resolver against a small DNS server in this process. Its clock is a fake: what takes an hour
// here takes no time, and what must happen at a moment happens at that moment.
#include "probe/cares_resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/scratch_folder.h"
#include "probe/test_resolver.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The plain way: a name, its addresses of the wished family.
TEST_F(CaresResolverTest, GivesAddressesOfTheWishedFamily) {
  server.has("db.example", "10.1.1.1", 60);
  server.has("db.example", "10.1.1.2", 60);
  server.has("db.example", "fd00::1", 60);
  EXPECT_THAT(texts(ask("db.example", AddressWish::v4)),
              testing::UnorderedElementsAre("10.1.1.1", "10.1.1.2"));
  EXPECT_THAT(texts(ask("db.example", AddressWish::v6)), ElementsAre("fd00::1"));
}

// Both families: two questions, one answer, IPv6 first.
TEST_F(CaresResolverTest, BothFamiliesTogether) {
  server.has("db.example", "10.1.1.1", 60);
  server.has("db.example", "fd00::1", 60);
  const ResolveAnswer answer = ask("db.example", AddressWish::both);
  EXPECT_THAT(texts(answer), ElementsAre("fd00::1", "10.1.1.1"));
  EXPECT_EQ(error(answer), "none");
}

// A service with IPv4 alone is found although IPv6 was wished too.
TEST_F(CaresResolverTest, OneFamilyOfTwoIsEnough) {
  server.has("db.example", "10.1.1.1", 60);
  EXPECT_THAT(texts(ask("db.example", AddressWish::both)), ElementsAre("10.1.1.1"));
}

// RFC 8305: a resolver that is silent about AAAA must not hold up the A that is there.
TEST_F(CaresResolverTest, OtherFamilyIsWaitedForShortly) {
  server.has("db.example", "10.1.1.1", 60);
  server.has_no_word_on_ipv6(true);
  const uint64_t token = begin("db.example", AddressWish::both);
  pump(5);
  EXPECT_FALSE(is_answered(token));
  pass(50ms);
  ASSERT_TRUE(is_answered(token));
  EXPECT_THAT(texts(answers[token]), ElementsAre("10.1.1.1"));
  EXPECT_TRUE(answers[token].partial);
}

// Whoever wants each address waits for both families, in one question of each.
TEST_F(CaresResolverTest, EachFamilyIsWaitedFor) {
  server.has("db.example", "10.1.1.1", 60);
  server.has("db.example", "fd00::1", 60);
  server.is_slow_on_ipv6(true);
  const uint64_t hasty = begin("db.example", AddressWish::both);
  pass(50ms);
  ASSERT_TRUE(is_answered(hasty));
  const uint64_t token = begin("db.example", AddressWish::each);
  pass(200ms);
  EXPECT_FALSE(is_answered(token));
  EXPECT_THAT(server.questions(), testing::UnorderedElementsAre("AAAA db.example", "A db.example"));
  server.is_slow_on_ipv6(false);
  EXPECT_THAT(texts(wait_for(token)), ElementsAre("fd00::1", "10.1.1.1"));
  EXPECT_FALSE(answers[token].partial);
}

// A family of which nothing was ever heard is no family without addresses.
TEST_F(CaresResolverTest, EachFamilyHasToAnswer) {
  server.has("db.example", "10.1.1.1", 60);
  server.has_no_word_on_ipv6(true);
  const uint64_t token = begin("db.example", AddressWish::each);
  pass(2s);
  EXPECT_FALSE(is_answered(token));
  pass(3s);
  ASSERT_TRUE(is_answered(token));
  EXPECT_EQ(error(answers[token]), "dns_timeout") << "A came, so the resolver lives";
}

// RFC 4074 section 4.2: who denies the name when asked for AAAA alone is not believed.
TEST_F(CaresResolverTest, ADenialInOneFamilyIsNoneOfTheOther) {
  server.has("db.example", "10.1.1.1", 1);
  server.denies_for_ipv6("db.example");
  for (const AddressWish wish : {AddressWish::both, AddressWish::each, AddressWish::both}) {
    EXPECT_THAT(texts(ask("db.example", wish)), ElementsAre("10.1.1.1"));
    clock.now += 2s;  // the address is over, the denial is remembered
  }
  EXPECT_EQ(error(ask("nobody.example", AddressWish::both)), "host_not_found");
  server.fails_for_ipv4("db.example");  // what A says decides, also when it says nothing
  clock.now += 2h;
  EXPECT_EQ(error(ask("db.example", AddressWish::both)), "dns_failed");
}

TEST_F(CaresResolverTest, ADenialOfAWaitsAMomentForAaaa) {
  server.has("db.example", "fd00::1", 1);
  server.denies_for_ipv4("db.example");
  for (const AddressWish wish : {AddressWish::both, AddressWish::each, AddressWish::both}) {
    EXPECT_THAT(texts(ask("db.example", wish)), ElementsAre("fd00::1"));
    clock.now += 2s;  // the address is over, the denial is remembered
  }
}

// The other half of a name fails: whose fault that is is said with the rest, in one ask.
TEST_F(CaresResolverTest, AFailedFamilyIsJudgedWhileTheOtherIsUsed) {
  server.has("good.example", "10.1.1.9", 60);
  server.has("db.example", "10.1.1.1", 1);
  server.has("db.example", "fd00::1", 1);
  ask("db.example", AddressWish::both);
  clock.now += 2s;
  server.fails_for_ipv4("db.example");
  const uint64_t token = begin("db.example", AddressWish::both);
  for (int i = 0; i < 100 && (!is_answered(token) || answers[token].partial); ++i) {
    pump(1);
  }
  EXPECT_FALSE(answers[token].partial);
  EXPECT_THAT(texts(answers[token]), ElementsAre("fd00::1", "10.1.1.1"));
  EXPECT_TRUE(answers[token].stale) << "nothing proves that it is the name's fault";
}

TEST_F(CaresResolverTest, NoSuchName) {
  const ResolveAnswer answer = ask("nowhere.example");
  EXPECT_EQ(error(answer), "host_not_found");
  EXPECT_EQ(answer.error->phase, Phase::dns);
  EXPECT_EQ(answer.error->detail, "nowhere.example does not exist in DNS");
  EXPECT_THAT(answer.addresses, IsEmpty());
}

// A name that exists without the wished family is another trouble with another remedy.
TEST_F(CaresResolverTest, NoAddressOfThisFamily) {
  server.has("db.example", "10.1.1.1", 60);
  const ResolveAnswer answer = ask("db.example", AddressWish::v6);
  EXPECT_EQ(error(answer), "no_address_of_family");
  EXPECT_EQ(answer.error->detail, "db.example exists, but has no IPv6 address (AAAA)");
  server.exists_without_address("empty.example");
  EXPECT_EQ(ask("empty.example", AddressWish::both).error->detail,
            "empty.example exists, but has no address");
}

// The resolver lives (it answered another name), so its SERVFAIL is about this one.
TEST_F(CaresResolverTest, ServerFailureOfOneName) {
  server.has("good.example", "10.1.1.1", 60);
  server.fails("bad.example");
  ask("good.example");
  const ResolveAnswer answer = ask("bad.example");
  EXPECT_EQ(error(answer), "dns_failed");
  EXPECT_EQ(answer.error->detail,
            "the resolver answered SERVFAIL for bad.example (asked: " + server.address() + ")");
}

// With two servers the failure of one is not the last word.
TEST_F(CaresResolverTest, AnotherServerIsAskedAfterAFailure) {
  TestDnsServer second;
  second.has("db.example", "10.1.1.1", 60);
  server.fails("db.example");
  auto made =
      make_cares_resolver(io, clock, {{server.address(), second.address()}, "", "/nonexistent"});
  ASSERT_TRUE(made);
  resolver = std::move(*made);
  const auto ask_both = [&](const std::string& name) {
    const uint64_t token = begin(name);
    for (int i = 0; i < 100 && !is_answered(token); ++i) {
      second.serve();
      pump(1);
    }
    return answers[token];
  };
  EXPECT_THAT(texts(ask_both("db.example")), ElementsAre("10.1.1.1"));
  server.fails("bad.example");
  second.fails("bad.example");
  EXPECT_THAT(ask_both("bad.example").error->detail, testing::HasSubstr("SERVFAIL"));
}

// A failure is not kept: the next probe asks anew.
TEST_F(CaresResolverTest, FailuresAreNotCached) {
  server.has("good.example", "10.1.1.1", 60);
  server.fails("bad.example");
  ask("good.example");
  ask("bad.example");
  server.fails("bad.example", false);
  server.has("bad.example", "10.1.1.2", 60);
  EXPECT_THAT(texts(ask("bad.example")), ElementsAre("10.1.1.2"));
}

// Ten monitors of one host cost one packet.
TEST_F(CaresResolverTest, OneQuestionForTenAskers) {
  server.has("db.example", "10.1.1.1", 60);
  std::vector<uint64_t> tokens;
  tokens.reserve(10);
  for (int i = 0; i < 10; ++i) {
    tokens.push_back(begin(i % 2 == 0 ? "db.example" : "DB.Example"));
  }
  for (const uint64_t token : tokens) {
    EXPECT_THAT(texts(wait_for(token)), ElementsAre("10.1.1.1"));
  }
  EXPECT_THAT(server.questions(), ElementsAre("A db.example"));
}

// A fresh answer comes from the cache at once, and says so; after its TTL it is asked for again.
TEST_F(CaresResolverTest, CacheHoldsForTheTtl) {
  server.has("db.example", "10.1.1.1", 30);
  EXPECT_FALSE(ask("db.example").cached);
  clock.now += 29999ms;
  const uint64_t token = begin("db.example");
  ASSERT_TRUE(is_answered(token)) << "from the cache: at once";
  EXPECT_TRUE(answers[token].cached);
  EXPECT_FALSE(answers[token].stale);
  EXPECT_EQ(server.questions().size(), 1U);
  clock.now += 1ms;
  EXPECT_FALSE(ask("db.example").cached);
  EXPECT_EQ(server.questions().size(), 2U);
}

// "No such name" is kept for what the zone's SOA says, between 5 and 30 s.
// A name that is asked for again and again is asked for in time: nobody waits, and a service that
// moved is found.
TEST_F(CaresResolverTest, ANameInUseIsAskedForAhead) {
  server.has("db.example", "10.1.1.1", 60);
  ask("db.example");
  clock.now += 44s;
  EXPECT_TRUE(ask("db.example").cached);
  pump(5);
  EXPECT_EQ(server.questions().size(), 1U) << "not in the first three quarters of its time";
  clock.now += 2s;
  EXPECT_TRUE(ask("db.example").cached);
  EXPECT_TRUE(ask("db.example").cached);
  for (int i = 0; i < 500 && server.questions().size() < 2; ++i) {
    pump(1);
  }
  pump(5);
  EXPECT_EQ(server.questions().size(), 2U) << "one question for both";
  clock.now += 30s;  // the first answer's time is over
  EXPECT_TRUE(ask("db.example").cached);
}

// Who looks into a failure wants to know what the resolver says now.
TEST_F(CaresResolverTest, AskedNowTheCacheIsPassedBy) {
  server.has("db.example", "10.1.1.1", 60);
  ask("db.example");
  server.forgets("db.example");
  server.has("db.example", "10.1.1.2", 60);
  ASSERT_FALSE(resolver->ask_now("db.example", AddressWish::v4, clock.now + 5s, 77, *this));
  const ResolveAnswer now = wait_for(77);
  EXPECT_THAT(texts(now), ElementsAre("10.1.1.2"));
  EXPECT_FALSE(now.cached);
  EXPECT_THAT(texts(ask("db.example")), ElementsAre("10.1.1.2")) << "the cache knows it too";
}

TEST_F(CaresResolverTest, NegativeAnswersAreCachedShortly) {
  server.negative_ttl(10);
  ask("new.example");
  server.has("new.example", "10.1.1.1", 60);
  clock.now += 9999ms;
  EXPECT_EQ(error(ask("new.example")), "host_not_found");
  clock.now += 1ms;
  EXPECT_THAT(texts(ask("new.example")), ElementsAre("10.1.1.1"));
}

// More names than may be asked for at once: the others wait for their turn, and all get their
// answer.
TEST_F(CaresResolverTest, ManyNamesTakeTurns) {
  for (int i = 0; i < 300; ++i) {
    server.has("host" + std::to_string(i) + ".example", "10.1.1.1", 60);
    begin("host" + std::to_string(i) + ".example");
  }
  server.serve();
  EXPECT_EQ(server.questions().size(), 128U);
  for (uint64_t token = 1; token <= 300; ++token) {
    EXPECT_EQ(error(wait_for(token)), "none") << token;
  }
}

// After cancel nobody is called, whether the answer was on its way or already here.
TEST_F(CaresResolverTest, CancelledAsksStayQuiet) {
  server.has("db.example", "10.1.1.1", 60);
  const uint64_t on_its_way = begin("db.example");
  resolver->cancel(on_its_way);
  const uint64_t here = begin("other.example");
  server.serve();
  std::vector<IoEvent> none;
  io.wait(clock.now, none);
  resolver->cancel(here);
  pump(5);
  EXPECT_THAT(answers, IsEmpty());
  EXPECT_TRUE(is_answered(begin("db.example"))) << "the reply still fed the cache";
}

// An address needs no question, and neither does what DNS cannot hold.
TEST_F(CaresResolverTest, LiteralsAndNonsense) {
  EXPECT_THAT(texts(answers[begin("192.0.2.1")]), ElementsAre("192.0.2.1"));
  EXPECT_THAT(texts(answers[begin("::1")]), ElementsAre("::1"));
  for (const std::string& name : {std::string(), std::string("."), std::string("a..b"),
                                  std::string("a b"), std::string(64, 'a'), std::string("a\\046b"),
                                  std::string("a\0b", 3), std::string("ä.example")}) {
    EXPECT_EQ(error(answers[begin(name)]), "host_not_found") << name;
  }
  EXPECT_THAT(server.questions(), IsEmpty());
}

// /etc/hosts comes first; localhost needs neither it nor DNS.
TEST_F(CaresResolverTest, HostsFileComesFirst) {
  const ScratchFolder folder;
  start("", folder.file("hosts", "10.9.9.9 db.example\n"));
  server.has("db.example", "10.1.1.1", 60);
  server.has("db.example", "fd00::1", 60);
  EXPECT_THAT(texts(ask("DB.example.")), ElementsAre("10.9.9.9"));
  EXPECT_THAT(texts(ask("db.example", AddressWish::v6)), ElementsAre("fd00::1"))
      << "the file has no IPv6 address";
  EXPECT_THAT(texts(ask("localhost", AddressWish::both)), ElementsAre("::1", "127.0.0.1"));
}

// It exists, and not in the wanted family: asked for or from the cache.
TEST_F(CaresResolverTest, ANameOfTheHostsFileAloneHasOneFamily) {
  const ScratchFolder folder;
  start("", folder.file("hosts", "10.9.9.9 box\n"));
  for (int i = 0; i < 2; ++i) {
    const ResolveAnswer answer = ask("box", AddressWish::v6);
    ASSERT_EQ(error(answer), "no_address_of_family");
    EXPECT_EQ(answer.error->detail,
              "box is in the hosts file with 10.9.9.9 and no address of the wanted family, and DNS "
              "does not know it");
  }
  EXPECT_EQ(error(ask("nobody", AddressWish::v6)), "host_not_found");
}

// The sockets belong to the loop: none is watched when nobody is asked, and none after the end.
TEST_F(CaresResolverTest, WatchesEndBeforeTheSockets) {
  server.has("db.example", "10.1.1.1", 60);
  ask("db.example");
  EXPECT_THAT(io.watches, IsEmpty());
  server.is_silent(true);
  begin("other.example");
  EXPECT_EQ(io.watches.size(), 1U);
  resolver.reset();
  EXPECT_THAT(io.watches, IsEmpty());
  EXPECT_THAT(answers, testing::SizeIs(1)) << "nobody is called from a destructor";
}

TEST_F(CaresResolverTest, RefusesWhatIsNotAServer) {
  const auto made = make_cares_resolver(io, clock, {{"dns.example:53"}, "", "/nonexistent"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(made.error().message,
            "\"dns.example:53\" is not a DNS server; write an address and a port, for example "
            "127.0.0.1:53 or [::1]:53");
}

}  // namespace
}  // namespace tocsin
