// Timelines of a machine that loses its own routes: nobody is accused, and who died meanwhile is
// found.
#include <gtest/gtest.h>

#include "sim/world.h"

namespace tocsin::sim {
namespace {

constexpr auto kDb = "10.0.0.1:5432";
constexpr auto kWeb = "10.0.0.2:80";

// The loopback device lives: the canary answers, and only the routes say what is missing.
TEST(RouteStory, ALostRouteAccusesNobody) {
  World world(1);
  world.with_canaries();
  Monitor talks = monitor("talks", kDb);
  talks.request = {SendStep{"PING\r\n"}, ExpectStep{.pattern = "+PONG"}};
  world.watch(talks);
  world.watch(monitor("web", kWeb));
  world.up(kDb);
  world.service(kDb).answer = "+PONG\r\n";
  world.up(kWeb);
  world.at(60s, [&] {
    world.network().lose_route(*IpAddress::parse("10.0.0.1"));
    world.network().lose_route(*IpAddress::parse("10.0.0.2"));
  });
  world.at(100s, [&] { world.down(kWeb); });
  world.run_until(4min);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_EQ(world.status("talks"), StatusKind::unknown);
  EXPECT_EQ(count_verdicts(world, Verdict::failed), 0U);
  EXPECT_GT(count_code(world, ErrorCode::self_offline), 10U);
  EXPECT_TRUE(world.engine().health().own.canary.answers);
  world.network().gain_route(*IpAddress::parse("10.0.0.1"));
  world.network().gain_route(*IpAddress::parse("10.0.0.2"));
  world.run_until(6min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down web"}));
  EXPECT_EQ(world.status("talks"), StatusKind::up);
}

// The default gateway is off: nobody behind it is accused, and a dead service beside us is told.
TEST(RouteStory, ASilentGatewayAccusesNobodyBehindIt) {
  World world(4);
  Monitor hasty = monitor("hasty", kWeb);
  hasty.timeout = 1s;  // over before the kernel gives up to look for the gateway
  world.watch(hasty);
  world.watch(monitor("db", kDb));
  world.watch(monitor("near", "10.0.0.3:80"));
  for (const auto* const ip : {"10.0.0.1", "10.0.0.2"}) {
    world.network().host(ip).path = {"10.255.0.254"};
  }
  world.up(kDb);
  world.up(kWeb);
  world.up("10.0.0.3:80");
  world.at(60s, [&] { world.network().silence_router("10.255.0.254"); });
  world.at(100s, [&] { world.down("10.0.0.3:80"); });
  world.run_until(4min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down near"}));
  EXPECT_EQ(world.status("db"), StatusKind::unknown);
  EXPECT_EQ(world.status("hasty"), StatusKind::unknown);
  world.network().revive_router("10.255.0.254");
  world.run_until(6min);
  EXPECT_EQ(world.status("db"), StatusKind::up);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down near"}));
}

// Its SYN has left, and then the route goes: what comes is silence, and silence proves nothing.
TEST(RouteStory, ARouteThatGoesUnderAnAttemptAccusesNobody) {
  World world(2);
  Monitor often = monitor("db", kDb);
  often.interval = 1s;
  world.watch(often);
  world.up(kDb);
  world.at(1min, [&] { world.service(kDb).connect = Behaviour::Connect::silent; });
  world.at(64s, [&] { world.network().lose_route(*IpAddress::parse("10.0.0.1")); });
  world.at(70s, [&] {
    world.service(kDb).connect = Behaviour::Connect::open;
    world.network().gain_route(*IpAddress::parse("10.0.0.1"));
  });
  world.run_until(3min);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_EQ(count_verdicts(world, Verdict::failed), 0U);
}

// A silent service is told though the address beside it was never routed.
TEST(RouteStory, ARouteThatNeverWasHidesNobodysFailure) {
  World world(3);
  world.watch(monitor("db", kDb));
  world.watch(monitor("typo", "10.99.0.1:80"));
  world.network().lose_route(*IpAddress::parse("10.99.0.1"));
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.run_until(3min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
  EXPECT_EQ(world.status("typo"), StatusKind::unknown);
}

}  // namespace
}  // namespace tocsin::sim
