#include "api/server_changes.h"

#include <gtest/gtest.h>

#include "config/other_fields.h"

namespace tocsin {
namespace {

TEST(ServerChanges, NothingDiffersNothingIsSaid) { EXPECT_TRUE(restart_warnings({}, {}).empty()); }

// Each by its name in the file, so that nobody has to guess which of their edits did nothing.
TEST(ServerChanges, NamesEachSetting) {
  ServerSettings wanted;
  wanted.public_url = "https://tocsin.example";
  wanted.retention = {.raw = 1h, .failures = 2h, .hourly = 3h};
  wanted.reach_allow = {"10.0.0.0/8"};
  wanted.dns_servers = {"127.0.0.1:53"};
  wanted.dns_canary = "canary.example";
  wanted.sources = {*IpAddress::parse("192.0.2.10")};
  wanted.rate_limit = {.per_second = 1, .burst = 2};
  wanted.io = IoBackend::epoll;
  wanted.realtime = true;
  wanted.trusted_proxies = {"127.0.0.1/32"};
  const auto all = restart_warnings({}, wanted);
  ASSERT_EQ(all.size(), 13u);
  EXPECT_EQ(all[0], "server.public_url was changed: it counts after a restart of the server.");
  EXPECT_EQ(all[2],
            "server.retention.failures was changed: it counts after a restart of the server.");
  ServerSettings one;
  one.dns_canary = "canary.example";
  EXPECT_EQ(restart_warnings({}, one), std::vector<std::string>{all[6]});
  EXPECT_EQ(restart_warnings(one, {}), std::vector<std::string>{all[6]});
}

// A setting that the reader learns must be named here too.
TEST(ServerChanges, KnowsAsManySettingsAsTheReader) {
  EXPECT_EQ(server_fields().size(), 9u);
  EXPECT_EQ(retention_fields().size() + reach_fields().size() + dns_fields().size() +
                rate_limit_fields().size(),
            8u);
}

}  // namespace
}  // namespace tocsin
