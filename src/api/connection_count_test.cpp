#include "api/connection_count.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }

TEST(ConnectionCount, OneClientCannotTakeAllPlaces) {
  ConnectionCount count({.all = 3, .per_client = 2});
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
  ConnectionCount count({.all = 10, .per_client = 1});
  EXPECT_TRUE(count.enter(ip("2001:db8::1")));
  EXPECT_FALSE(count.enter(ip("2001:db8::ffff")));
  EXPECT_TRUE(count.enter(ip("2001:db8:0:1::1")));
}

// On a socket that takes both families, IPv4 clients come mapped: they are not one network.
TEST(ConnectionCount, MappedIpv4AddressesAreApart) {
  ConnectionCount count({.all = 10, .per_client = 1});
  EXPECT_TRUE(count.enter(ip("::ffff:192.0.2.1")));
  EXPECT_TRUE(count.enter(ip("::ffff:192.0.2.2")));
  EXPECT_FALSE(count.enter(ip("::ffff:192.0.2.2")));
}

TEST(ConnectionCount, ATrustedProxyHasTheLimitOfOne) {
  ConnectionCount count({.all = 10, .per_client = 1, .per_proxy = 2}, {*Cidr::parse("10.0.0.0/8")});
  for (const char* proxy : {"10.1.2.3", "::ffff:10.3.2.1"}) {
    EXPECT_TRUE(count.enter(ip(proxy))) << proxy;
    EXPECT_TRUE(count.enter(ip(proxy))) << proxy;
    EXPECT_FALSE(count.enter(ip(proxy))) << proxy;
  }
}

// A proxy on this machine brings all its readers from one address.
TEST(ConnectionCount, LoopbackHasItsOwnLimit) {
  for (const char* here : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    ConnectionCount count({.all = 10, .per_client = 1, .per_proxy = 2});
    EXPECT_TRUE(count.enter(ip(here))) << here;
    EXPECT_TRUE(count.enter(ip(here))) << here;
    EXPECT_FALSE(count.enter(ip(here))) << here;
  }
  for (const char* elsewhere : {"128.0.0.1", "::2", "2001:db8::1", "::ffff:10.0.0.1", "::"}) {
    EXPECT_FALSE(is_loopback(ip(elsewhere))) << elsewhere;
  }
}

}  // namespace
}  // namespace tocsin
