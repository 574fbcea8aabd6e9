#include "probe/dns_cache.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace tocsin {
namespace {

constexpr SteadyTime kNow{1000h};

DnsReply addresses(const char* ip, Duration ttl) {
  return {.kind = DnsReply::Kind::addresses, .addresses = {*IpAddress::parse(ip)}, .ttl = ttl};
}
DnsReply negative(Duration ttl) { return {.kind = DnsReply::Kind::no_name, .ttl = ttl}; }

// For how long a reply stored now is believed.
Duration lifetime(const DnsReply& reply) {
  DnsCache cache;
  cache.store("db", Family::v4, reply, kNow);
  Duration lived{};
  for (const Duration step : {Duration(1s), Duration(4s), Duration(10s), Duration(30s),
                              Duration(60s), Duration(1h), Duration(24h)}) {
    if (cache.fresh("db", Family::v4, kNow + step - 1us) != nullptr) {
      lived = step;
    }
    if (cache.fresh("db", Family::v4, kNow + step) == nullptr) {
      break;
    }
  }
  return lived;
}

// Zones say 0 and a week; neither helps a monitor.
TEST(DnsCache, ClampsTtls) {
  EXPECT_EQ(lifetime(addresses("10.0.0.1", 0s)), 1s);
  EXPECT_EQ(lifetime(addresses("10.0.0.1", 60s)), 60s);
  EXPECT_EQ(lifetime(addresses("10.0.0.1", 24h * 7)), 1h);
  EXPECT_EQ(lifetime(negative(0s)), 4s) << "5 s";
  EXPECT_EQ(lifetime(negative(10s)), 10s);
  EXPECT_EQ(lifetime(negative(1h)), 30s);
}

// Whom else could one ask: the newest first, each name once, and round again.
TEST(DnsCache, KnowsOtherNames) {
  DnsCache cache;
  cache.store("db", Family::v4, addresses("10.0.0.1", 60s), kNow);
  EXPECT_EQ(cache.another("db", 0), "");
  cache.store("web", Family::v4, addresses("10.0.0.2", 60s), kNow);
  cache.store("gone", Family::v4, negative(10s), kNow);
  cache.store("web", Family::v6, addresses("fd00::2", 60s), kNow);
  EXPECT_EQ(cache.another("db", 0), "web");
  EXPECT_EQ(cache.another("db", 1), "gone");
  EXPECT_EQ(cache.another("db", 2), "web");
  EXPECT_EQ(cache.another("web", 1), "db");
}

// The two families of a name have lives of their own.
TEST(DnsCache, KeepsFamiliesApart) {
  DnsCache cache;
  cache.store("db", Family::v4, addresses("10.0.0.1", 60s), kNow);
  EXPECT_NE(cache.fresh("db", Family::v4, kNow), nullptr);
  EXPECT_EQ(cache.fresh("db", Family::v6, kNow), nullptr);
  EXPECT_EQ(cache.fresh("db2", Family::v4, kNow), nullptr);
}

TEST(DnsCache, NewReplyReplacesTheOld) {
  DnsCache cache;
  cache.store("db", Family::v4, addresses("10.0.0.1", 60s), kNow);
  cache.store("db", Family::v4, addresses("10.0.0.2", 60s), kNow + 1s);
  EXPECT_EQ(cache.fresh("db", Family::v4, kNow + 60s)->addresses.front().text(), "10.0.0.2");
  EXPECT_EQ(cache.size(), 1U);
}

// Old addresses are kept for an hour past their time; "no such name" is never an old truth.
TEST(DnsCache, StaleIsForAddressesAndForAnHour) {
  DnsCache cache;
  cache.store("db", Family::v4, addresses("10.0.0.1", 60s), kNow);
  EXPECT_EQ(cache.fresh("db", Family::v4, kNow + 60s), nullptr);
  EXPECT_NE(cache.stale("db", Family::v4, kNow + 60s + kStaleDnsMax), nullptr);
  EXPECT_EQ(cache.stale("db", Family::v4, kNow + 60s + kStaleDnsMax + 1us), nullptr);
  cache.store("gone", Family::v4, negative(10s), kNow);
  EXPECT_EQ(cache.stale("gone", Family::v4, kNow), nullptr);
}

// A failure says nothing about the name, so it must not push out what is known.
TEST(DnsCache, AddressesAreNearlyOverInTheirLastQuarter) {
  DnsCache cache;
  cache.store("db", Family::v4, addresses("10.0.0.1", 60s), kNow);
  EXPECT_FALSE(cache.is_nearly_over("db", Family::v4, kNow + 44s));
  EXPECT_TRUE(cache.is_nearly_over("db", Family::v4, kNow + 45s));
  EXPECT_FALSE(cache.is_nearly_over("db", Family::v6, kNow + 45s)) << "nothing is known of it";
  cache.store("short", Family::v4, addresses("10.0.0.1", 5s), kNow);
  EXPECT_FALSE(cache.is_nearly_over("short", Family::v4, kNow + 4s)) << "every probe would ask";
  cache.store("none", Family::v4, negative(30s), kNow);
  EXPECT_FALSE(cache.is_nearly_over("none", Family::v4, kNow + 29s));
}

TEST(DnsCache, FailuresAreNotStored) {
  DnsCache cache;
  cache.store("db", Family::v4, addresses("10.0.0.1", 60s), kNow);
  cache.store("db", Family::v4, {.kind = DnsReply::Kind::failed}, kNow);
  cache.store("db", Family::v4, {.kind = DnsReply::Kind::silent}, kNow);
  EXPECT_NE(cache.fresh("db", Family::v4, kNow), nullptr);
}

// Bounded: the entry stored longest ago makes room.
TEST(DnsCache, OldestEntryMakesRoom) {
  DnsCache cache(3);
  for (const char* name : {"a", "b", "c", "a", "d"}) {
    cache.store(name, Family::v4, addresses("10.0.0.1", 60s), kNow);
  }
  EXPECT_EQ(cache.size(), 3U);
  EXPECT_EQ(cache.fresh("b", Family::v4, kNow), nullptr);
  for (const char* name : {"a", "c", "d"}) {
    EXPECT_NE(cache.fresh(name, Family::v4, kNow), nullptr) << name;
  }
}

}  // namespace
}  // namespace tocsin
