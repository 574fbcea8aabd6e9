#include "probe/address_race.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr SteadyTime kStart{Duration(1'000'000)};

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

// RFC 8305 4: a broken family costs one stagger, not one for each of its addresses.
TEST(AddressRace, FamiliesAlternateBeginningWithIpv6) {
  const std::vector<IpAddress> order = race_order(
      {ip("192.0.2.1"), ip("192.0.2.2"), ip("192.0.2.3"), ip("2001:db8::1"), ip("2001:db8::2")});
  EXPECT_EQ(order, (std::vector{ip("2001:db8::1"), ip("192.0.2.1"), ip("2001:db8::2"),
                                ip("192.0.2.2"), ip("192.0.2.3")}));
}

// Whoever answers for a name may name any number of addresses.
TEST(AddressRace, TakesABoundedNumberOfAddresses) {
  EXPECT_EQ(race_order(std::vector<IpAddress>(1000, ip("192.0.2.1"))).size(), kTriedAddressesMax);
}

// While the first has not answered, the second starts after the stagger and not before.
TEST(AddressRace, TheNextStartsAfterTheStagger) {
  AddressRace race;
  race.begin(0, 2, kStart);
  EXPECT_EQ(race.next(kStart), 0U);
  EXPECT_EQ(race.next(kStart + 249ms), std::nullopt);
  EXPECT_EQ(race.wake_at(), kStart + 250ms);
  EXPECT_EQ(race.next(kStart + 250ms), 1U);
  EXPECT_EQ(race.wake_at(), kNever);
}

// A host without IPv6 fails at once; IPv4 must not wait 250 ms for that.
TEST(AddressRace, AFailureLetsTheNextStartAtOnce) {
  AddressRace race;
  race.begin(0, 2, kStart);
  race.next(kStart);
  race.failed(0, {ErrorCode::network_unreachable, Phase::connect, "no route"});
  EXPECT_EQ(race.next(kStart + 1ms), 1U);
  EXPECT_FALSE(race.is_lost());
}

// Without a slot the next waits for a failure instead of asking in a loop.
TEST(AddressRace, APostponedStartWaitsForAFailure) {
  AddressRace race;
  race.begin(0, 2, kStart);
  race.next(kStart);
  ASSERT_EQ(race.next(kStart + 250ms), 1U);
  race.postpone();
  EXPECT_EQ(race.next(kStart + 1s), std::nullopt);
  EXPECT_EQ(race.wake_at(), kNever);
  race.failed(0, {});
  EXPECT_EQ(race.next(kStart + 1s), 1U);
}

// "No IPv6 here" must not hide that the service refused over IPv4.
TEST(AddressRace, TellsTheFailureThatSaysMostAboutTheTarget) {
  AddressRace race;
  race.begin(0, 2, kStart);
  race.next(kStart);
  race.failed(0, {ErrorCode::network_unreachable, Phase::connect, "no route to [2001:db8::1]:80"});
  race.next(kStart);
  race.failed(1, {ErrorCode::tcp_refused, Phase::connect, "192.0.2.1:80 answered with a reset"});
  ASSERT_TRUE(race.is_lost());
  EXPECT_EQ(race.telling_failure().address, 1U);
  EXPECT_EQ(race.telling_failure().error,
            (ProbeError{ErrorCode::tcp_refused, Phase::connect,
                        "192.0.2.1:80 answered with a reset; no route to [2001:db8::1]:80"}));
}

// Where there is no IPv6, what IPv4 says is what there is to say.
TEST(AddressRace, AMissingRouteOfOursTellsLeast) {
  AddressRace race;
  race.begin(0, 2, kStart);
  race.next(kStart);
  race.failed(0, {ErrorCode::self_offline, Phase::connect, "this machine has no route"});
  race.next(kStart);
  race.failed(1, {ErrorCode::host_unreachable, Phase::connect, "192.0.2.1 cannot be reached"});
  EXPECT_EQ(race.telling_failure().error.code, ErrorCode::host_unreachable);
}

// The address that could not be tried for our own reasons might have answered.
TEST(AddressRace, OurOwnTroubleWithOneAddressLeavesNothingProven) {
  AddressRace race;
  race.begin(0, 2, kStart);
  race.next(kStart);
  race.failed(0, {ErrorCode::tcp_refused, Phase::connect, "192.0.2.1:80 answered with a reset"});
  race.next(kStart);
  race.failed(1, {ErrorCode::local_resource, Phase::connect, "no such source"});
  EXPECT_EQ(race.telling_failure().error.code, ErrorCode::local_resource);
}

}  // namespace
}  // namespace tocsin
