// The way to a target over time: proxies that die, a source address that is taken away, a name that
// moves. Who is told, and of what.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/world.h"

namespace tocsin::sim {
namespace {

constexpr auto kProxy = "10.0.0.9:1080";
constexpr auto kDb = "10.0.0.1:5432";

// A literal with its zeros.
template <size_t Size>
std::string bytes(const char (&text)[Size]) {
  return {text, Size - 1};
}

// A SOCKS5 proxy that ends each request with this reply (RFC 1928 6).
void socks_proxy(World& world, char reply) {
  world.service(kProxy).answers = {bytes("\5\0"), "\5" + (reply + bytes("\0\1\0\0\0\0\0\0"))};
}

Monitor behind_proxy() {
  Monitor behind = monitor("db", "db.internal:5432");
  behind.proxy = parse_proxy("socks5://10.0.0.9:1080").value();
  return behind;
}

TEST(WayStory, AServiceBehindAProxyIsToldWhenItGoesDown) {
  World world(1);
  world.watch(behind_proxy());
  socks_proxy(world, 0);
  world.at(95s, [&] { socks_proxy(world, 5); });
  world.at(5min, [&] { socks_proxy(world, 0); });
  world.run_until(10min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db", "monitor.recovered db"}));
  EXPECT_GT(count_code(world, ErrorCode::tcp_refused), 0U);
}

// However it breaks: no service behind it is accused.
TEST(WayStory, ADeadProxyTakesNothingDown) {
  const std::function<void(World&)> deaths[] = {
      [](World& world) { world.service(kProxy).connect = Behaviour::Connect::refused; },
      [](World& world) { world.service(kProxy).connect = Behaviour::Connect::silent; },
      [](World& world) { world.service(kProxy).reset_after_accept = true; },
      [](World& world) { world.service(kProxy).answers = {}; },
      [](World& world) { world.service(kProxy).answers = {"SSH-2.0-other\r\n"}; },
      [](World& world) { world.service(kProxy).answers = {"\5\xff"}; },
      [](World& world) { socks_proxy(world, 1); },
      [](World& world) { socks_proxy(world, 2); }};
  for (const auto& death : deaths) {
    World world(2);
    world.watch(behind_proxy());
    socks_proxy(world, 0);
    world.at(95s, [&] { death(world); });
    world.run_until(10min);
    EXPECT_EQ(world.told(), Told{});
    EXPECT_EQ(world.status("db"), StatusKind::unknown);
    EXPECT_EQ(count_verdicts(world, Verdict::failed), 0U);
    EXPECT_GT(count_code(world, ErrorCode::proxy_failed), 0U);
  }
}

// Its kernel takes connections, and not a word comes: who is silent is found out by asking the
// proxy for itself.
TEST(WayStory, AHungHttpProxyAccusesNobodyAndASilentTargetBehindItIsTold) {
  for (const bool hangs : {true, false}) {
    World world(7);
    Monitor behind = behind_proxy();
    behind.proxy = parse_proxy("http://10.0.0.9:1080").value();
    world.watch(behind);
    world.service(kProxy).answer = "HTTP/1.1 200 OK\r\n\r\n";
    world.at(95s, [&] {
      if (hangs) {
        world.service(kProxy).answer.clear();
      } else {
        world.service(kProxy).ignores = "CONNECT ";
      }
    });
    world.run_until(10min);
    EXPECT_EQ(types(world.told()), hangs ? Told{} : Told{"monitor.down db"});
    EXPECT_EQ(world.status("db"), hangs ? StatusKind::unknown : StatusKind::down);
    EXPECT_EQ(count_code(world, ErrorCode::proxy_failed) > 0, hangs);
  }
}

// The lease ran out, the address went to another machine: ours, and nobody's fault elsewhere.
TEST(WayStory, ASourceThatIsTakenAwayAccusesNobody) {
  World world(3);
  Monitor from = monitor("db", kDb);
  from.source = IpAddress::parse("10.0.0.100");
  world.watch(from);
  world.up(kDb);
  world.at(95s, [&] { world.network().lose_address(*from.source); });
  world.run_until(5min);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_EQ(world.status("db"), StatusKind::unknown);
  EXPECT_GT(count_code(world, ErrorCode::local_resource), 0U);
  world.network().gain_address(*from.source);
  world.run_until(10min);
  EXPECT_EQ(world.status("db"), StatusKind::up);
}

// What looks into a failure comes from where the probe came from: a firewall may see a difference.
TEST(WayStory, TheServersSourceIsThatOfProbesAndOfEvidence) {
  World world(6);
  world.config().server.sources = {*IpAddress::parse("10.0.0.100")};
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(95s, [&] { world.service(kDb).connect = Behaviour::Connect::silent; });
  world.run_until(5min);
  EXPECT_FALSE(world.disk().evidence.empty());
  EXPECT_EQ(world.network().sourced_connects(), world.network().connects());
}

// The result in which it is settled says so, also after a crash in between, and nobody is woken.
TEST(WayStory, ANameThatMovesIsWrittenDownAndAlertsNobody) {
  World world(4);
  world.watch(monitor("db", "db.example.com:5432"));
  world.up("10.0.0.1:5432");
  world.up("10.0.0.2:5432");
  world.resolver().name("db.example.com", "10.0.0.1");
  world.at(5min, [&] { world.resolver().name("db.example.com", "10.0.0.2"); });
  world.at(7min, [&] { world.crash_and_restart(); });
  world.run_until(30min);
  EXPECT_EQ(world.told(), Told{});
  std::vector<AddressMove> moves;
  for (const auto& [id, row] : world.disk().attempts) {
    if (row.attempt.result.moved) {
      moves.push_back(*row.attempt.result.moved);
      EXPECT_EQ(row.attempt.evaluation.verdict, Verdict::passed);
      EXPECT_TRUE(row.keep_details);
    }
  }
  EXPECT_EQ(moves, (std::vector<AddressMove>{{.from = {*IpAddress::parse("10.0.0.1")},
                                              .to = {*IpAddress::parse("10.0.0.2")}}}));
  EXPECT_EQ(std::ranges::count_if(world.journal().lines(),
                                  [](const std::string& line) {
                                    return line.starts_with("name.moved") &&
                                           line.contains("10.0.0.1 → 10.0.0.2");
                                  }),
            1);
}

TEST(WayStory, ANameThatTurnsItsAddressesOverIsNoNews) {
  World world(5);
  world.watch(monitor("db", "db.example.com:5432"));
  for (int i = 0; i < 4; ++i) {
    world.up("10.0.0." + std::to_string(i + 1) + ":5432");
  }
  for (int minute = 0; minute < 60; ++minute) {
    world.at(std::chrono::minutes(minute), [&world, minute] {
      world.resolver().name("db.example.com", "10.0.0." + std::to_string(minute % 4 + 1));
    });
  }
  world.run_until(1h);
  for (const auto& [id, row] : world.disk().attempts) {
    EXPECT_FALSE(row.attempt.result.moved);
  }
}

// Each takes its whole timeout, so that one check lasts longer than three intervals: that is no
// silence of ours.
TEST(WayStory, ACheckOfManyDeadAddressesStaysDownMeanwhile) {
  World world(9);
  Monitor each = monitor("db", "db.internal:5432");
  each.ip_family = IpFamily::all;
  world.watch(each);
  std::vector<std::string> addresses;
  for (int i = 1; i <= 14; ++i) {
    addresses.push_back("10.0.1." + std::to_string(i));
  }
  world.resolver().addresses("db.internal", addresses);
  const auto set = [&](Behaviour::Connect connect) {
    for (const std::string& ip : addresses) {
      world.service(ip + ":5432").connect = connect;
    }
  };
  set(Behaviour::Connect::open);
  world.at(95s, [&] { set(Behaviour::Connect::silent); });
  for (const Duration at : {4min, 5min, 6min, 7min}) {
    world.at(at, [&] { EXPECT_EQ(world.status("db"), StatusKind::down); });
  }
  world.at(8min, [&] { set(Behaviour::Connect::open); });
  world.run_until(12min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db", "monitor.recovered db"}));
  EXPECT_LT(world.turns(), 20'000U) << "the loop does not spin while the outcome is awaited";
}

// Its IPv6 is dead, its IPv4 well, and what DNS says of IPv4 comes late, then not at all: nobody is
// woken for that. When the service dies they are.
TEST(WayStory, AServiceIsNotDownWhileDnsGivesHalfItsName) {
  World world(11);
  Monitor racing = monitor("shop", "shop.internal:80");
  racing.ip_family = IpFamily::automatic;
  world.watch(racing);
  Monitor each = monitor("both", "both.internal:80");
  each.ip_family = IpFamily::all;
  world.watch(each);
  world.resolver().addresses("shop.internal", {"10.0.0.1", "2001:db8::1"});
  world.resolver().addresses("both.internal", {"10.0.0.2", "2001:db8::2"});
  for (const char* address : {"10.0.0.1:80", "10.0.0.2:80", "[2001:db8::2]:80"}) {
    world.service(address).connect = Behaviour::Connect::open;
  }
  world.service("[2001:db8::1]:80").connect = Behaviour::Connect::refused;
  const auto be_late = [&](Duration at, Duration late) {
    world.at(at, [&world, late] { world.resolver().set_late(Family::v4, late); });
  };
  be_late(2min, 300ms);
  world.at(4min + 50s, [&] {
    EXPECT_EQ(world.status("shop"), StatusKind::up);
    EXPECT_EQ(world.status("both"), StatusKind::up);
  });
  be_late(5min, SimResolver::kSilence);
  world.at(9min + 50s, [&] {
    EXPECT_EQ(world.status("shop"), StatusKind::unknown);
    EXPECT_EQ(world.status("both"), StatusKind::unknown);
  });
  be_late(10min, Duration(0));
  world.at(12min, [&] { world.service("10.0.0.1:80").connect = Behaviour::Connect::refused; });
  be_late(13min, 300ms);
  world.at(15min, [&] { world.service("10.0.0.1:80").connect = Behaviour::Connect::open; });
  world.run_until(20min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down shop", "monitor.recovered shop"}));
  EXPECT_EQ(world.status("both"), StatusKind::up);
}

}  // namespace
}  // namespace tocsin::sim
