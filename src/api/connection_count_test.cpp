#include "api/connection_count.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }

TEST(ConnectionCount, OneClientCannotTakeAllPlaces) {
  ConnectionCount count(3, 2);
  EXPECT_TRUE(count.enter(ip("192.0.2.1")));
  EXPECT_TRUE(count.enter(ip("192.0.2.1")));
  EXPECT_FALSE(count.enter(ip("192.0.2.1")));
  EXPECT_TRUE(count.enter(ip("192.0.2.2")));
  EXPECT_FALSE(count.enter(ip("192.0.2.3"))) << "three in all";
  count.leave(ip("192.0.2.1"));
  EXPECT_TRUE(count.enter(ip("192.0.2.3")));
  EXPECT_EQ(count.all(), 3u);
}

// An IPv6 client has 2^64 addresses; its network counts.
TEST(ConnectionCount, AnIpv6ClientIsItsNetwork) {
  ConnectionCount count(10, 1);
  EXPECT_TRUE(count.enter(ip("2001:db8::1")));
  EXPECT_FALSE(count.enter(ip("2001:db8::ffff")));
  EXPECT_TRUE(count.enter(ip("2001:db8:0:1::1")));
}

// On a socket that takes both families, IPv4 clients come mapped: they are not one network.
TEST(ConnectionCount, MappedIpv4AddressesAreApart) {
  ConnectionCount count(10, 1);
  EXPECT_TRUE(count.enter(ip("::ffff:192.0.2.1")));
  EXPECT_TRUE(count.enter(ip("::ffff:192.0.2.2")));
  EXPECT_FALSE(count.enter(ip("::ffff:192.0.2.2")));
}

}  // namespace
}  // namespace tocsin
