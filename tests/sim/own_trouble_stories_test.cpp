// What happens when the trouble is our own: descriptors, resolver, clock, disk, time. Nobody is
// accused, and what counts is told still.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/assert.h"
#include "sim/world.h"

namespace tocsin::sim {
namespace {

constexpr auto kDb = "10.0.0.1:5432";

// Our own descriptors running out says nothing about the service.
TEST(OwnTrouble, OwnTroubleIsUnknownNeverDown) {
  World world(5);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(60s, [&] { world.network().fail_locally(EMFILE, 100'000); });
  world.at(110s, [&] { world.network().fail_locally(0, 0); });
  world.run_until(5min);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_EQ(count_verdicts(world, Verdict::failed), 0u);
  EXPECT_GE(count_verdicts(world, Verdict::unknown), 3u);
  EXPECT_EQ(world.status("db"), StatusKind::up);
}

// What passes within the interval only delays: each kind of it, for most of the time, and a service
// that dies meanwhile is found all the same.
TEST(OwnTrouble, AShortageThatPassesHidesNothingAndAccusesNobody) {
  for (const int error : {EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EPERM}) {
    World world(5);
    world.watch(monitor("db", kDb));
    world.watch(monitor("web", "10.0.0.2:80"));
    world.up(kDb);
    world.up("10.0.0.2:80");
    for (int i = 6; i < 30; ++i) {
      world.at(i * 10s, [&, error] { world.network().fail_locally(error, 100'000); });
      world.at(i * 10s + 7s, [&] { world.network().fail_locally(0, 0); });
    }
    world.at(181s, [&] { world.down("10.0.0.2:80"); });
    world.run_until(5min);
    EXPECT_EQ(types(world.told()), (Told{"monitor.down web"})) << std::strerror(error);
    EXPECT_EQ(count_verdicts(world, Verdict::unknown), 0u) << std::strerror(error);
    EXPECT_EQ(world.status("db"), StatusKind::up);
  }
}

// A dead resolver is our trouble too; the status says unknown after a minute, and nobody is paged.
TEST(OwnTrouble, DeadResolverIsUnknown) {
  World world(6);
  Monitor named = monitor("db", "db.internal:5432");
  world.resolver().name("db.internal", "10.0.0.1");
  world.watch(named);
  world.up(kDb);
  world.at(60s, [&] { world.resolver().set_dead(true); });
  world.run_until(5min);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_EQ(world.status("db"), StatusKind::unknown);
  // Nobody was paged, so the log is where it stands: once, not at every tick.
  const std::vector<std::string>& lines = world.journal().lines();
  const auto is_unknown = [](const std::string& line) {
    return line.starts_with("monitor.unknown");
  };
  EXPECT_EQ(std::ranges::count_if(lines, is_unknown), 1);
  const auto said = std::ranges::find_if(lines, is_unknown);
  ASSERT_NE(said, lines.end());
  EXPECT_TRUE(said->starts_with(
      "monitor.unknown monitor=db target=db.internal:5432 error=resolver_down reason="))
      << *said;
}

// A silent resolver while the old address is known: nobody is slow because we waited for it,
// whatever the limits and assertions on time are. A service that dies meanwhile is found.
TEST(OwnTrouble, SilentResolverMakesNobodySlow) {
  World world(6);
  const auto named = [&](const std::string& name, const std::string& ip) {
    Monitor strict = monitor(name, name + ".internal:5432");
    strict.degraded_after = 250ms;
    strict.fail_after = 300ms;
    strict.assertions = {*parse_assertion("response_time < 200ms"),
                         *parse_assertion("dns_time < 300ms")};
    world.resolver().name(name + ".internal", ip);
    world.watch(strict);
    world.up(ip + ":5432");
  };
  named("db", "10.0.0.1");
  named("web", "10.0.0.2");
  world.at(60s, [&] { world.resolver().set_silent(750ms); });
  world.at(121s, [&] { world.down("10.0.0.2:5432"); });
  world.run_until(5min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down web"}));
  EXPECT_EQ(count_verdicts(world, Verdict::degraded), 0u);
  EXPECT_EQ(world.status("db"), StatusKind::up);
}

// A name that is gone is the service's trouble.
TEST(OwnTrouble, NameGoneIsDown) {
  World world(7);
  world.resolver().name("db.internal", "10.0.0.1");
  world.watch(monitor("db", "db.internal:5432"));
  world.up(kDb);
  world.at(60s, [&] { world.resolver().forget("db.internal"); });
  world.run_until(3min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
}

// The kernel may connect a socket to itself; that is not an open port.
TEST(OwnTrouble, SelfConnectIsNotUp) {
  World world(8);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(60s, [&] { world.service(kDb).self_connect = true; });
  world.run_until(2min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
}

// Disk full: people are told all the same, and the notice says that the store could not keep it.
TEST(OwnTrouble, DiskFullStillTells) {
  World world(13);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(50s, [&] { world.disk().full = true; });
  world.at(60s, [&] { world.down(kDb); });
  world.at(5min, [&] { world.disk().full = false; });
  world.at(6min, [&] { world.up(kDb); });
  world.run_until(10min);
  ASSERT_EQ(types(world.told()), (Told{"monitor.down db", "monitor.recovered db"}));
  EXPECT_NE(world.sender().accepted()[0].body.find("\"store_volatile\":true"), std::string::npos);
  EXPECT_EQ(world.sender().accepted()[1].body.find("\"store_volatile\":true"), std::string::npos);
  ASSERT_EQ(world.disk().incidents.size(), 1u);
  EXPECT_TRUE(world.disk().incidents.begin()->second.closed.has_value());
}

// The wall clock jumps a day ahead: nothing is called down, the missed periods are counted,
// checking goes on.
TEST(OwnTrouble, ClockJumpForwardIsCountedNotToldDown) {
  World world(19);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(60s, [&] { world.clock().push_wall(24h); });
  world.run_until(3min);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_EQ(world.status("db"), StatusKind::up);
  EXPECT_GE(world.engine().health().skipped_missed, 8'000u);
}

// The wall clock jumps back: the epoch grows, checking goes on at once instead of waiting a day.
TEST(OwnTrouble, ClockJumpBackStartsANewEpoch) {
  World world(20);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(60s, [&] { world.clock().push_wall(-24h); });
  world.at(2min, [&] { world.down(kDb); });
  world.run_until(4min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
  EXPECT_EQ(world.disk().clock_epoch, 1u);
}

// A run longer than the interval: the tick that comes due meanwhile is a counted skip, never a
// second run at the same time.
TEST(OwnTrouble, LongRunSkipsTheNextTick) {
  World world(23);
  Monitor slow = monitor("db", kDb);
  slow.interval = 2s;
  slow.timeout = 5s;
  slow.degraded_after = std::nullopt;
  world.watch(slow);
  world.service(kDb).connect = Behaviour::Connect::silent;
  world.run_until(60s);
  EXPECT_GT(world.engine().health().skipped_in_progress, 10u);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
}

}  // namespace
}  // namespace tocsin::sim
