// The resolver against a small DNS server in this process. Its clock is a fake: what takes an hour
// here takes no time, and what must happen at a moment happens at that moment.
#include "probe/cares_resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "probe/test_dns_server.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FakeClock final : public Clock {
 public:
  [[nodiscard]] SystemTime system_now() const override { return SystemTime{}; }
  [[nodiscard]] SteadyTime steady_now() const override { return now; }
  SteadyTime now{1h};
};

// Only watches; nothing else of ProbeIo is the resolver's business.
class WatchIo final : public ProbeIo {
 public:
  [[nodiscard]] size_t capacity() const override { return 0; }
  void connect(SlotIndex, const SocketAddress&, const ConnectOptions&) override {}
  void send(SlotIndex, std::span<const char>) override {}
  void receive(SlotIndex, std::span<char>) override {}
  void shutdown_write(SlotIndex) override {}
  void close(SlotIndex, CloseMode) override {}
  [[nodiscard]] KernelFacts facts(SlotIndex) override { return {}; }
  [[nodiscard]] bool poll_now(SlotIndex) override { return false; }
  void wake() override {}
  void watch(int fd, bool read, bool write, std::function<void(bool, bool)> ready) override {
    if (read || write) {
      watches[fd] = {read, write, std::move(ready)};
    } else {
      watches.erase(fd);
    }
  }
  // Waits a millisecond at most: long enough for the loopback, and a test that waits for nothing
  // ends soon.
  void wait(SteadyTime, std::vector<IoEvent>&) override {
    std::vector<pollfd> polled;
    for (const auto& [fd, watch] : watches) {
      polled.push_back(
          {fd, static_cast<short>((watch.read ? POLLIN : 0) | (watch.write ? POLLOUT : 0)), 0});
    }
    ::poll(polled.data(), polled.size(), 1);
    for (const pollfd& each : polled) {
      if (each.revents != 0 && watches.contains(each.fd)) {
        const auto ready = watches[each.fd].ready;
        ready((each.revents & (POLLIN | POLLERR)) != 0, (each.revents & POLLOUT) != 0);
      }
    }
  }

  struct Watch {
    bool read = false, write = false;
    std::function<void(bool, bool)> ready;
  };
  std::map<int, Watch> watches;
};

class CaresResolverTest : public testing::Test, public ResolveSink {
 protected:
  void SetUp() override { start(""); }

  void start(const std::string& canary, const std::string& hosts = "/nonexistent") {
    auto made = make_cares_resolver(io, clock, {{server.address()}, canary, hosts});
    ASSERT_TRUE(made);
    resolver = std::move(*made);
  }
  void on_resolved(uint64_t token, const ResolveAnswer& answer) override {
    EXPECT_TRUE(in_drive) << "answers come only from drive()";
    EXPECT_FALSE(answers.contains(token)) << "answered twice";
    answers[token] = answer;
  }

  // Starts an ask; what is known at once is noted like an answer that comes.
  uint64_t begin(const std::string& name, AddressWish wish = AddressWish::v4,
                 Duration timeout = 5s) {
    const uint64_t token = ++last_token;
    const auto known = resolver->resolve(name, wish, clock.now + timeout, token, *this);
    if (known) {
      answers[token] = *known;
    }
    return token;
  }
  void drive() {
    in_drive = true;
    resolver->drive(clock.now);
    in_drive = false;
  }
  void pump(int rounds) {
    std::vector<IoEvent> none;
    for (int i = 0; i < rounds; ++i) {
      server.serve();
      io.wait(clock.now, none);
      drive();
    }
  }
  bool is_answered(uint64_t token) const { return answers.contains(token); }
  ResolveAnswer wait_for(uint64_t token) {
    for (int i = 0; i < 500 && !is_answered(token); ++i) {
      pump(1);
    }
    EXPECT_TRUE(is_answered(token));
    return answers[token];
  }
  ResolveAnswer ask(const std::string& name, AddressWish wish = AddressWish::v4) {
    return wait_for(begin(name, wish));
  }
  // Nothing comes on the wire meanwhile that was not there before.
  void pass(Duration time) {
    pump(3);
    clock.now += time;
    pump(3);
  }
  static std::vector<std::string> texts(const ResolveAnswer& answer) {
    std::vector<std::string> found;
    for (const IpAddress& ip : answer.addresses) {
      found.push_back(ip.text());
    }
    return found;
  }
  static std::string error(const ResolveAnswer& answer) {
    return answer.error ? std::string(error_name(answer.error->code)) : "none";
  }

  TestDnsServer server;
  FakeClock clock;
  WatchIo io;
  std::unique_ptr<Resolver> resolver;
  std::map<uint64_t, ResolveAnswer> answers;
  uint64_t last_token = 0;
  bool in_drive = false;
};

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

// Silence about one name of a living resolver: dns_timeout, at the deadline of the request and not
// before.
TEST_F(CaresResolverTest, SilenceEndsAtTheDeadline) {
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
TEST_F(CaresResolverTest, SilenceOfEverythingIsTheResolvers) {
  server.is_silent(true);
  const uint64_t token = begin("db.example");
  pass(5s);
  EXPECT_EQ(error(answers[token]), "resolver_down");
}

// The last answer counts for 10 s, not a moment longer.
TEST_F(CaresResolverTest, AnAnswerProvesLifeForTenSeconds) {
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
TEST_F(CaresResolverTest, CanaryAnswersSoTheNameIsAtFault) {
  start("canary.example");
  server.is_silent_about("slow.example");
  const uint64_t token = begin("slow.example");
  pass(1s);
  EXPECT_THAT(server.questions(), ElementsAre("A slow.example", "A canary.example"));
  pass(4s);
  EXPECT_EQ(error(answers[token]), "dns_timeout");
}

TEST_F(CaresResolverTest, CanaryIsSilentToo) {
  start("canary.example");
  server.is_silent(true);
  const uint64_t token = begin("slow.example");
  pass(1s);
  pass(4s);
  EXPECT_EQ(error(answers[token]), "resolver_down");
}

// A forwarder that lost its upstream says SERVFAIL to everything, at once: the canary is heard
// first.
TEST_F(CaresResolverTest, ServerFailureOfEverythingIsTheResolvers) {
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
TEST_F(CaresResolverTest, SilentCanaryIsNotWaitedForLong) {
  start("canary.example");
  server.fails("db.example");
  server.is_silent_about("canary.example");
  const uint64_t token = begin("db.example", AddressWish::v4, 60s);
  pass(1999ms);
  EXPECT_FALSE(is_answered(token));
  pass(1ms);
  EXPECT_EQ(error(answers[token]), "resolver_down");
}

// Ten monitors of one host cost one packet.
TEST_F(CaresResolverTest, OneQuestionForTenAskers) {
  server.has("db.example", "10.1.1.1", 60);
  std::vector<uint64_t> tokens;
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
TEST_F(CaresResolverTest, NegativeAnswersAreCachedShortly) {
  server.negative_ttl(10);
  ask("new.example");
  server.has("new.example", "10.1.1.1", 60);
  clock.now += 9999ms;
  EXPECT_EQ(error(ask("new.example")), "host_not_found");
  clock.now += 1ms;
  EXPECT_THAT(texts(ask("new.example")), ElementsAre("10.1.1.1"));
}

// While the resolver is down the last known address is used, marked; the first answer ends that.
TEST_F(CaresResolverTest, StaleAddressesWhileTheResolverIsDown) {
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
TEST_F(CaresResolverTest, StaleEndsAfterAnHour) {
  server.has("db.example", "10.1.1.1", 30);
  ask("db.example");
  server.is_silent(true);
  clock.now += 30s + 1h + 1s;
  const uint64_t token = begin("db.example");
  pass(5s);
  EXPECT_EQ(error(answers[token]), "resolver_down");
}

// A resolver that lives and is silent about one name gives no reason to believe an old address.
TEST_F(CaresResolverTest, NoStaleAddressWhileTheResolverLives) {
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
TEST_F(CaresResolverTest, NobodyAtTheResolversPort) {
  const std::string gone = TestDnsServer().address();
  auto made = make_cares_resolver(io, clock, {{gone}, "", "/nonexistent"});
  ASSERT_TRUE(made);
  resolver = std::move(*made);
  const ResolveAnswer answer = ask("db.example");
  EXPECT_EQ(error(answer), "resolver_down");
  EXPECT_THAT(answer.error->detail, testing::HasSubstr("nothing listens at the resolver's port"));
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

// A name whose turn never came has not failed; it was our limit.
TEST_F(CaresResolverTest, WaitingForATurnIsNobodysFailure) {
  server.is_silent(true);
  for (int i = 0; i < 129; ++i) {
    begin("host" + std::to_string(i) + ".example");
  }
  pass(5s);
  EXPECT_EQ(error(answers[1]), "resolver_down");
  EXPECT_EQ(error(answers[129]), "overloaded");
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
  const std::filesystem::path hosts =
      std::filesystem::path(testing::TempDir()) / "cares_resolver_test.hosts";
  std::ofstream(hosts) << "10.9.9.9 db.example\n";
  start("", hosts);
  server.has("db.example", "10.1.1.1", 60);
  server.has("db.example", "fd00::1", 60);
  EXPECT_THAT(texts(ask("DB.example.")), ElementsAre("10.9.9.9"));
  EXPECT_THAT(texts(ask("db.example", AddressWish::v6)), ElementsAre("fd00::1"))
      << "the file has no IPv6 address";
  EXPECT_THAT(texts(ask("localhost", AddressWish::both)), ElementsAre("::1", "127.0.0.1"));
  std::filesystem::remove(hosts);
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
