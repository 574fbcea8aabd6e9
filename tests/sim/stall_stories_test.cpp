// Timelines of a loop that stands still, a little or for long: that is our trouble, and nobody is
// accused of it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sim/world.h"

namespace tocsin::sim {
namespace {

constexpr auto kDb = "10.0.0.1:5432";

Monitor pinged(const std::string& id) {
  Monitor result = monitor(id, kDb);
  result.interval = 1s;
  result.timeout = 100ms;
  result.request = {SendStep{"PING\r\n"}, ExpectStep{.pattern = "+PONG"}};
  return result;
}

// Our loop stands still for `length`, again and again, at every moment of a run.
void stall(World& world, Duration length) {
  for (int i = 1; i < 1000; ++i) {
    world.at(i * 1001ms, [&world, length] {
      world.engine().mailbox().post(
          [&world, length] { world.clock().advance_to(world.clock().steady_now() + length); });
    });
  }
}

// Our own loop stands still (a large reload, a machine out of breath): the answers that waited in
// the kernel meanwhile were not slow.
TEST(StallStory, OwnStandstillIsNotCalledSlow) {
  World world(13);
  Monitor quick = monitor("db", kDb);
  quick.interval = 1s;
  quick.fail_after = 200ms;
  world.watch(quick);
  world.up(kDb);
  world.service(kDb).round_trip = 50ms;
  for (int i = 1; i < 200; ++i) {
    world.at(i * 1370ms, [&] {
      world.engine().mailbox().post(
          [&] { world.clock().advance_to(world.clock().steady_now() + 600ms); });
    });
  }
  world.run_until(5min);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_EQ(world.status("db"), StatusKind::up);
}

// No stall of ours is too small to be taken for the target's slowness, or for its silence, where
// the limit is close.
TEST(StallStory, StallsOfAnySizeAccuseNobody) {
  for (const Duration length : {Duration(2ms), Duration(6ms), Duration(60ms), Duration(240ms)}) {
    World world(20);
    Monitor quick = pinged("db");
    quick.degraded_after = 21ms;
    quick.fail_after = 50ms;
    quick.assertions = {{.source = AssertionSource::response_time,
                         .property = {},
                         .comparison = Comparison::less_than,
                         .target = "60000"}};
    world.watch(quick);
    world.up(kDb);
    world.service(kDb).round_trip = 10ms;
    world.service(kDb).answer = "+PONG\r\n";
    stall(world, length);
    world.run_until(17min);
    EXPECT_EQ(count_verdicts(world, Verdict::failed), 0u) << length.count();
    EXPECT_EQ(count_verdicts(world, Verdict::degraded), 0u) << length.count();
    EXPECT_GT(count_verdicts(world, Verdict::unknown), 0u) << length.count();
    EXPECT_EQ(world.told(), Told{});
    EXPECT_EQ(world.status("db"), StatusKind::up);
  }
}

// A virtual machine is moved, a container frozen: what our loop waits for stood still too, so that
// the answers come late and when all looks well again. Nobody was slow, and nobody silent.
TEST(StallStory, AMachineThatStoodStillAccusesNobody) {
  for (const bool at_work : {false, true}) {
    World world(22);
    Monitor quick = pinged("db");
    quick.timeout = 400ms;
    quick.fail_after = 60ms;
    world.watch(quick);
    world.up(kDb);
    world.service(kDb).round_trip = 10ms;
    world.service(kDb).think = 25ms;
    world.service(kDb).answer = "+PONG\r\n";
    for (int i = 1; i < 1000; ++i) {
      world.at(i * 1001ms, [&world, at_work] {
        const auto pause = [&world] { world.network().stand_still(220ms); };
        at_work ? world.engine().mailbox().post(pause) : pause();
      });
    }
    world.run_until(17min);
    EXPECT_EQ(count_verdicts(world, Verdict::failed), 0u) << at_work;
    EXPECT_EQ(count_verdicts(world, Verdict::degraded), 0u) << at_work;
    EXPECT_GT(count_verdicts(world, Verdict::unknown), 0u) << at_work;
    EXPECT_EQ(world.told(), Told{}) << at_work;
    EXPECT_EQ(world.status("db"), StatusKind::up) << at_work;
  }
}

// With ten checks each millisecond the loop sleeps for some milliseconds at a time, whatever comes
// meanwhile: an answer that waited for us was not slow.
TEST(StallStory, ALoopThatLooksSeldomAccusesNobody) {
  constexpr int kMany = 10'000, kServices = 200, kFew = 100;
  World world(26);
  for (int i = 0; i < kMany; ++i) {
    const std::string service = fmt::format("10.0.9.{}:80", i % kServices + 1);
    Monitor other = monitor("other" + std::to_string(i), service);
    other.interval = 1s;
    world.watch(other);
    world.up(service);
    world.service(service).round_trip = Duration(0);
  }
  for (int i = 0; i < kFew; ++i) {
    Monitor quick = pinged("db" + std::to_string(i));
    quick.fail_after = 2ms;
    world.watch(quick);
  }
  world.up(kDb);
  world.service(kDb).answer = "+PONG\r\n";
  world.run_until(1s);
  const uint64_t before = world.turns();
  world.run_until(3s);
  EXPECT_LT(world.turns() - before, 2'000u) << "two for each sleep of 3 ms";
  EXPECT_GT(count_verdicts(world, Verdict::passed), 29'000u);
  EXPECT_EQ(count_verdicts(world, Verdict::failed), 0u);
  EXPECT_GT(count_verdicts(world, Verdict::unknown), 0u) << "the sleep was in their way";
  EXPECT_EQ(world.told(), Told{});
}

// Our own network is away, and even our own port cannot be reached: nobody is accused, and who died
// meanwhile is found when it is back.
TEST(StallStory, WithoutANetworkOfOurOwnNobodyIsAccused) {
  for (const int error : {ENETUNREACH, EHOSTUNREACH, ECONNREFUSED, ETIMEDOUT}) {
    World world(23);
    world.with_canaries();
    world.watch(monitor("db", kDb));
    world.watch(monitor("web", "10.0.0.2:80"));
    world.up(kDb);
    world.up("10.0.0.2:80");
    world.at(60s, [&] { world.network().cut_off(error); });
    world.at(100s, [&] { world.down("10.0.0.2:80"); });
    world.at(3min, [&] { world.network().cut_off(0); });
    world.run_until(3min);
    EXPECT_EQ(world.told(), Told{}) << std::strerror(error);
    EXPECT_EQ(world.status("db"), StatusKind::unknown);
    if (error == ENETUNREACH) {
      EXPECT_GT(count_code(world, ErrorCode::self_offline), 10u) << "our routes say it themselves";
    } else {
      EXPECT_GT(world.engine().health().own.withheld, 10u);
    }
    EXPECT_FALSE(world.engine().health().own.canary.answers);
    world.run_until(4min);
    EXPECT_EQ(types(world.told()), (Told{"monitor.down web"})) << std::strerror(error);
    EXPECT_EQ(world.status("db"), StatusKind::up);
    EXPECT_EQ(count_verdicts(world, Verdict::failed), 6u) << "of web, since then";
  }
}

// With ports of our own that answer, a failure is told as soon as before.
TEST(StallStory, ACanaryHidesNobodysFailure) {
  World world(24);
  world.with_canaries();
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(2min, [&] { world.up(kDb); });
  world.run_until(3min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db", "monitor.recovered db"}));
  EXPECT_EQ(world.engine().health().own.withheld, 0u);
}

// More to do than the loop can: each check costs it 15 ms of work, and 100 a second are wanted.
// Ticks are left out evenly and counted, what is left starts on time, and nobody is accused.
TEST(StallStory, TooMuchToDoIsSpreadEvenly) {
  World world(25);
  for (int i = 0; i < 100; ++i) {
    Monitor one = monitor("m" + std::to_string(i), "10.0.1." + std::to_string(i + 1) + ":80");
    one.interval = 1s;
    world.watch(one);
    world.up("10.0.1." + std::to_string(i + 1) + ":80");
  }
  world.at(30s, [&] { world.network().set_work(15ms); });
  world.run_until(3min);
  const EngineHealth health = world.engine().health();
  EXPECT_EQ(health.own.stretch, 2u);
  EXPECT_EQ(count_verdicts(world, Verdict::failed), 0u);
  EXPECT_EQ(world.told(), Told{});
  uint64_t least = ~0ULL, most = 0;
  for (int i = 0; i < 100; ++i) {
    const uint64_t left_out =
        world.engine().monitor("m" + std::to_string(i))->state.skipped_overload;
    least = std::min(least, left_out);
    most = std::max(most, left_out);
  }
  EXPECT_GT(least, 40u);
  EXPECT_LE(most - least, 20u) << "evenly";
  world.at(3min, [&] { world.network().set_work(Duration(0)); });
  world.run_until(5min);
  EXPECT_EQ(world.engine().health().own.stretch, 1u) << "every tick is run again";
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(world.status("m" + std::to_string(i)), StatusKind::up);
  }
}

// Stalling is no excuse for the target: what is slow or silent without it too is told.
TEST(StallStory, StallsHideNobodysFailure) {
  for (const bool silent : {true, false}) {
    World world(21);
    Monitor quick = pinged("db");
    quick.fail_after = 50ms;
    world.watch(quick);
    world.up(kDb);
    world.service(kDb).round_trip = 10ms;
    world.service(kDb).answer = "+PONG\r\n";
    stall(world, 20ms);
    world.at(60s, [&] {
      world.service(kDb).answer = silent ? "" : "+PONG\r\n";
      world.service(kDb).think = silent ? 200us : 45ms;
    });
    world.run_until(2min);
    EXPECT_EQ(types(world.told()), (Told{"monitor.down db"})) << silent;
  }
}

}  // namespace
}  // namespace tocsin::sim
