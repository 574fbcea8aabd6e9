// What an attempt does with addresses that come late (RFC 8305 section 3): they join the race, and
// a race that is lost without them is not over.
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>

#include "probe/test_prober.h"

namespace tocsin {
namespace {

class ProberNames : public ProberTest {
 protected:
  // Its IPv6 address is known, IPv4 is not answered yet.
  void start_half() {
    sink_.results.clear();
    io_.connects.clear();
    resolver_.asked.clear();
    auto monitor = monitor_of("shop.example:80");
    monitor->ip_family = IpFamily::automatic;
    monitor->timeout = 4s;
    start(monitor);
    answer({.addresses = {kSix}, .partial = true});
    ASSERT_EQ(io_.connects.size(), 1U);
  }
  void answer(const ResolveAnswer& answer) {
    resolver_.answer(answer);
    look();
  }
  static ResolveAnswer trouble(ErrorCode code) {
    return {.error = ProbeError{code, Phase::dns, "no answer"}};
  }

  const IpAddress kSix = *IpAddress::parse("2001:db8::1");
  const IpAddress kFour = *IpAddress::parse("192.0.2.1");
};

TEST_F(ProberNames, ALostRaceGoesOnWithWhatComesLate) {
  start_half();
  connected(0, ECONNREFUSED);
  EXPECT_TRUE(sink_.results.empty());
  wait(300ms);
  answer({.addresses = {kSix, kFour}});
  ASSERT_EQ(io_.connects.size(), 2U);
  EXPECT_EQ(io_.connects[1].to, "192.0.2.1:80");
  wait(2ms);
  connected(1);
  EXPECT_FALSE(result().error);
  EXPECT_EQ(result().remote->text(), "192.0.2.1:80");
  EXPECT_EQ(result().name_addresses.size(), 2U);
  EXPECT_EQ(result().phases.dns, 300ms) << "nothing else was under way";
  EXPECT_EQ(result().phases.connect, 2ms);
  EXPECT_EQ(result().response_time, 302ms);
}

// The other family has its turn next, not after all that were known before.
TEST_F(ProberNames, WhatComesLateDoesNotQueueBehindTheOtherFamily) {
  auto monitor = monitor_of("shop.example:80");
  monitor->ip_family = IpFamily::automatic;
  ResolveAnswer many;
  for (size_t i = 1; i <= kTriedAddressesMax; ++i) {
    many.addresses.push_back(*IpAddress::parse("198.51.100." + std::to_string(i)));
  }
  ResolveAnswer all = many;
  all.addresses.push_back(kSix);
  many.partial = true;
  for (const bool are_refused : {false, true}) {
    io_.slots = 64;
    sink_.results.clear();
    io_.connects.clear();
    start(monitor);
    answer(many);
    for (size_t nth = 0; are_refused && nth < kTriedAddressesMax; ++nth) {
      connected(nth, ECONNREFUSED);
    }
    wait(300ms);
    answer(all);
    const size_t next = are_refused ? kTriedAddressesMax : 1;
    ASSERT_EQ(io_.connects.size(), next + 1);
    EXPECT_EQ(io_.connects[next].to, "[2001:db8::1]:80");
    connected(next);
    EXPECT_FALSE(result().error);
  }
}

TEST_F(ProberNames, WhatComesLateCompetesWithASilentAddress) {
  start_half();
  wait(300ms);
  answer({.addresses = {kSix, kFour}});
  ASSERT_EQ(io_.connects.size(), 2U);
  connected(1);
  EXPECT_FALSE(result().error);
  EXPECT_EQ(result().response_time, 300ms);
}

// An address that opens is enough: nobody waits for more.
TEST_F(ProberNames, TheRestIsNotAwaitedOnceOneOpens) {
  start_half();
  connected(0);
  EXPECT_FALSE(result().error);
  EXPECT_EQ(resolver_.cancelled, std::vector{resolver_.asked.back()});
  EXPECT_TRUE(result().name_addresses.empty()) << "half of a name is no news of where it leads";
}

// Our resolver is dead, and what it keeps from us might have answered.
TEST_F(ProberNames, ARestThatOurResolverKeepsFromUsProvesNothing) {
  start_half();
  connected(0, ECONNREFUSED);
  answer(trouble(ErrorCode::resolver_down));
  EXPECT_EQ(code_of(result()), ErrorCode::resolver_down);

  start_half();
  answer(trouble(ErrorCode::resolver_down));
  connected(0, ECONNREFUSED);
  EXPECT_EQ(code_of(result()), ErrorCode::resolver_down);
}

// The zone does not answer for IPv4 though the resolver lives: what is known decides.
TEST_F(ProberNames, ARestThatIsTheNamesOwnFaultIsLeftOut) {
  start_half();
  wait(5ms);
  connected(0, ECONNREFUSED);
  wait(1s);
  answer(trouble(ErrorCode::dns_timeout));
  EXPECT_EQ(code_of(result()), ErrorCode::tcp_refused);
  EXPECT_EQ(result().phases.dns, 1s);
  EXPECT_EQ(result().phases.connect, 5ms);
}

TEST_F(ProberNames, ASilentAddressBesideASilentResolverProvesNothing) {
  start_half();
  pass(4s);
  pass(100ms);
  EXPECT_EQ(code_of(result()), ErrorCode::resolver_down);
}

// The old address of the other family has the time that it would have had from the start.
TEST_F(ProberNames, AnOldAddressThatComesLateHasATimeOfItsOwn) {
  start_half();
  connected(0, ECONNREFUSED);
  wait(2s);
  answer({.addresses = {kSix, kFour}, .stale = true});
  ASSERT_EQ(io_.connects.size(), 2U);
  wait(5ms);
  connected(1);
  EXPECT_FALSE(result().error);
  EXPECT_TRUE(result().stale_dns);
  EXPECT_EQ(result().response_time, 5ms);
  EXPECT_EQ(result().phases.dns, Duration(0));

  start_half();  // and its first address is silent
  wait(1s);
  answer({.addresses = {kSix, kFour}, .stale = true});
  wait(5ms);
  connected(1);
  EXPECT_TRUE(result().stale_dns);
  EXPECT_EQ(result().response_time, 5ms);
}

// Both come at once when the resolver cannot say more of the other family.
TEST_F(ProberNames, TheRestMayComeWithTheFirstHalf) {
  auto monitor = monitor_of("shop.example:80");
  monitor->ip_family = IpFamily::automatic;
  start(monitor);
  resolver_.answer({.addresses = {kSix}, .partial = true});
  resolver_.answer(trouble(ErrorCode::resolver_down));
  look();
  ASSERT_EQ(io_.connects.size(), 1U);
  connected(0, ECONNREFUSED);
  EXPECT_EQ(code_of(result()), ErrorCode::resolver_down);
}

TEST_F(ProberNames, NoneBeyondWhatWasKnownIsALostRace) {
  start_half();
  connected(0, ECONNREFUSED);
  answer({.addresses = {kSix}});
  EXPECT_EQ(code_of(result()), ErrorCode::tcp_refused);
}

}  // namespace
}  // namespace tocsin
