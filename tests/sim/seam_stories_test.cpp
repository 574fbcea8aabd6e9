// Timelines at the seams: where a crash, a reload, a full disk or a clock that goes wrong meets a
// failure half told.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/evaluate.h"
#include "sim/world.h"

namespace tocsin::sim {
namespace {

constexpr auto kDb = "10.0.0.1:5432";

Monitor& definition(World& world, const std::string& id) {
  return *std::ranges::find(world.config().monitors, id, &Monitor::id);
}

void acknowledge(World& world, const std::string& id) {
  const IncidentId incident = world.engine().monitor(id)->state.alert.incident;
  world.engine().acknowledge(incident, "ann", "on it", [](const Result<IncidentView>&) {});
}

// --- crashes

// Nothing leaves before it is durable: a crash at any moment leaves no notice that the store knows
// nothing of, so that none is told twice under two keys.
TEST(SeamStory, NothingIsSentThatTheStoreDoesNotKnow) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    World world(seed);
    Monitor often = monitor("db", kDb);
    often.interval = 1s;
    world.watch(often);
    world.up(kDb);
    world.at(20s, [&] { world.down(kDb); });
    for (int i = 0; i < 20; ++i) {
      world.at(20s + i * 50ms + Duration(static_cast<int64_t>(seed) * 700),
               [&] { world.crash_and_restart(); });
    }
    world.run_until(2min);
    std::set<std::string> keys;
    for (const Accepted& accepted : world.sender().accepted()) {
      keys.insert(accepted.key);
      EXPECT_TRUE(world.disk().deliveries.contains(accepted.key)) << "seed " << seed;
    }
    EXPECT_EQ(keys.size(), 1u) << "seed " << seed;
  }
}

// A restart does not check everything anew: what ran in this period waits for the next one.
TEST(SeamStory, RestartsAddNoChecks) {
  World world(2);
  Monitor hourly = monitor("db", kDb);
  hourly.interval = 1h;
  world.watch(hourly);
  world.up(kDb);
  for (int i = 1; i <= 20; ++i) {
    world.at(i * 1min, [&] { world.crash_and_restart(); });
  }
  world.run_until(30min);
  EXPECT_LE(world.disk().attempts.size(), 2u);
}

// Failures counted before a crash count after it: the third in a row is told, not the third since
// the start.
TEST(SeamStory, StreakSurvivesARestart) {
  World world(3);
  Monitor patient = monitor("db", kDb);
  patient.interval = 60s;
  patient.alert.after_runs = 3;
  world.watch(patient);
  world.up(kDb);
  world.at(2min, [&] { world.down(kDb); });
  for (int i = 0; i < 4; ++i) {
    world.at(2min + 30s + i * 60s, [&] { world.crash_and_restart(); });
  }
  world.run_until(5min + 10s);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
}

// Killed while it waits for the second attempt: the run is made again and its result is kept, not
// taken for the attempt that stands there already.
TEST(SeamStory, RunCutShortByACrashIsMadeAgainAndKept) {
  World world(4);
  Monitor patient = monitor("db", kDb);
  patient.interval = 10min;
  patient.retry.strategy = RetryStrategy::fixed;
  patient.retry.base = 20s;
  patient.retry.total = 60s;
  world.watch(patient);
  world.down(kDb);
  world.at(5s, [&] { world.up(kDb); });
  world.at(10s, [&] { world.crash_and_restart(); });
  world.run_until(15s);
  EXPECT_EQ(world.status("db"), StatusKind::up);
  EXPECT_EQ(std::ranges::count_if(world.disk().attempts,
                                  [](const auto& row) { return row.second.final_attempt; }),
            1);
}

// The same on the grid: the first attempt of a slot is stored, the process dies before the retry.
TEST(SeamStory, SlotCutShortByACrashLosesNoResult) {
  size_t hits = 0;  // worlds in which the crash fell between the two attempts
  for (uint64_t seed = 0; seed < 20; ++seed) {
    World world(seed);
    Monitor patient = monitor("db", kDb);
    patient.interval = 60s;
    patient.retry.strategy = RetryStrategy::fixed;
    patient.retry.base = 20s;
    patient.retry.total = 50s;
    world.watch(patient);
    world.up(kDb);
    size_t finals = 0;
    const auto count_finals = [&] {
      return static_cast<size_t>(std::ranges::count_if(
          world.disk().attempts, [](const auto& row) { return row.second.final_attempt; }));
    };
    world.at(2min, [&] { world.down(kDb); });
    world.at(3min + 10s, [&] { world.up(kDb); });
    world.at(3min + 11s, [&] { finals = count_finals(); });
    world.at(3min + 12s, [&] { world.crash_and_restart(); });
    world.run_until(3min + 13s);
    if (const uint64_t made_again = world.engine().health().ticks_run; made_again > 0) {
      ++hits;
      EXPECT_EQ(count_finals(), finals + made_again) << "seed " << seed;
    }
  }
  EXPECT_GT(hits, 0u);
}

// An acknowledgement outlives a crash: nobody is reminded of what somebody has taken.
TEST(SeamStory, AcknowledgementSurvivesARestart) {
  World world(5);
  Monitor nagging = monitor("db", kDb);
  nagging.alert.reminder_every = 2min;
  nagging.alert.reminder_count = 10;
  world.watch(nagging);
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(90s, [&] { acknowledge(world, "db"); });
  world.at(91s, [&] { world.crash_and_restart(); });
  world.run_until(10min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
}

// A notice that was held back stays held back after a restart.
TEST(SeamStory, SuppressedStaysSuppressedOverARestart) {
  World world(6);
  Monitor muted = monitor("db", kDb);
  muted.muted = true;
  world.watch(muted);
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(2min, [&] { world.crash_and_restart(); });
  world.run_until(10min);
  EXPECT_EQ(world.told(), Told{});
  ASSERT_EQ(world.disk().deliveries.size(), 1u);
  EXPECT_EQ(world.disk().deliveries.begin()->second.state, DeliveryState::suppressed);
}

// --- the disk

// The reserve keeps what alerts need, so the notice is kept like any other and does not claim the
// contrary.
TEST(SeamStory, NoticeKeptOnTheReserveIsNotCalledVolatile) {
  World world(7);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.disk().on_reserve = true;
  world.at(60s, [&] { world.down(kDb); });
  world.run_until(3min);
  ASSERT_EQ(types(world.told()), (Told{"monitor.down db"}));
  EXPECT_EQ(world.sender().accepted()[0].body.find("\"store_volatile\":true"), std::string::npos);
  EXPECT_EQ(world.disk().deliveries.size(), 1u);
}

// --- reloads

// The hook is broken and somebody replaces the channel, as one does at night: the one that comes in
// hears what the one that goes could not be told.
TEST(SeamStory, AChannelThatReplacesABrokenOneIsTold) {
  World world(20);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.sender().set_mode(ReceiverMode::dead);
  world.at(60s, [&] { world.down(kDb); });
  world.at(2min, [&] {
    auto renamed = world.config().channels.extract("ops");
    renamed.key() = "pager";
    renamed.mapped().id = "pager";
    world.config().channels.insert(std::move(renamed));
    definition(world, "db").channels = {"pager"};
    world.sender().set_mode(ReceiverMode::up);
    world.reload();
  });
  world.at(5min, [&] { world.up(kDb); });
  world.run_until(7min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db", "monitor.recovered db"}));
  const std::vector<std::string>& lines = world.journal().lines();
  EXPECT_TRUE(std::ranges::any_of(lines, [](const std::string& line) {
    return line.starts_with("delivery given up channel=ops");
  }));
}

// A parent that is about to be called down keeps its children quiet already: they would page first
// only because their turn came first.
TEST(SeamStory, AParentThatIsBeingConfirmedKeepsItsChildrenQuiet) {
  World world(21);
  Monitor parent = monitor("router", kDb);
  parent.alert.after_runs = 3;
  Monitor child = monitor("child", kDb);
  child.alert.after_runs = 2;
  child.depends_on = {"router"};
  world.watch(parent);
  world.watch(child);
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.run_until(5min);
  EXPECT_EQ(types(world.told()), Told{"monitor.down router"});
}

// Moved to another port while down: its recovery speaks of the error in the words of its own time,
// not of a port that was never refused.
TEST(SeamStory, RecoveryAfterAMoveTellsTheErrorThatWas) {
  World world(19);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.up("10.0.0.1:6432");
  world.at(60s, [&] { world.down(kDb); });
  world.at(3min, [&] {
    definition(world, "db").target = *Target::parse("10.0.0.1:6432");
    world.reload();
  });
  world.run_until(5min);
  ASSERT_EQ(types(world.told()), (Told{"monitor.down db", "monitor.recovered db"}));
  const std::string was = "Nothing is listening on port 5432: the host answered with a reset.";
  for (const Accepted& accepted : world.sender().accepted()) {
    EXPECT_NE(accepted.body.find("\"message\":\"" + was + "\""), std::string::npos)
        << accepted.body;
  }
  const Incident& incident = world.disk().incidents.begin()->second;
  EXPECT_EQ(error_text(*incident.error), was);
  EXPECT_TRUE(incident.reason.starts_with(was)) << incident.reason;
  EXPECT_TRUE(std::ranges::any_of(incident.timeline, [](const TimelineEntry& entry) {
    return entry.text == "The target changed from 10.0.0.1:5432 to 10.0.0.1:6432.";
  })) << "what was changed meanwhile is in the timeline";
}

// Removed while down, and back later: whether it is down is confirmed anew, with the runs that the
// user asked for.
TEST(SeamStory, ReturningMonitorIsConfirmedAnew) {
  World world(8);
  Monitor patient = monitor("db", kDb);
  patient.alert.after_runs = 3;
  world.watch(patient);
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(3min, [&] {
    world.forget("db");
    world.reload();
  });
  world.at(1h, [&] {
    world.watch(patient);
    world.reload();
  });
  world.at(1h + 5s, [&] { world.up(kDb); });
  world.run_until(2h);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
  EXPECT_EQ(world.disk().incidents.size(), 1u);
}

// A reload that changes a monitor in the middle of its run costs that run, not the hour until the
// next.
TEST(SeamStory, ReloadDuringARunDoesNotPutTheCheckOff) {
  World world(9);
  Monitor hourly = monitor("db", kDb);
  hourly.interval = 1h;
  world.watch(hourly);
  world.service(kDb).connect = Behaviour::Connect::silent;
  world.at(2s, [&] {
    definition(world, "db").description = "the one in the cellar";
    world.reload();
  });
  world.run_until(1min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
}

// Switched off in the middle of a confirmation: what was seen before does not count afterwards.
TEST(SeamStory, PauseEndsAConfirmation) {
  World world(10);
  Monitor patient = monitor("db", kDb);
  patient.alert.after_runs = 3;
  world.watch(patient);
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(82s, [&] {
    definition(world, "db").enabled = false;
    world.reload();
  });
  world.at(5min, [&] {
    definition(world, "db").enabled = true;
    world.reload();
  });
  world.at(5min + 12s, [&] { world.up(kDb); });
  world.run_until(10min);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_EQ(world.status("db"), StatusKind::up);
}

// Its monitor is gone, the receiver was dead: what people were owed still arrives.
TEST(SeamStory, RetiredMonitorsNoticeStillArrives) {
  World world(11);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.sender().set_mode(ReceiverMode::dead);
  world.at(60s, [&] { world.down(kDb); });
  world.at(2min, [&] {
    world.forget("db");
    world.reload();
  });
  world.at(3min, [&] { world.crash_and_restart(); });
  world.at(4min, [&] { world.sender().set_mode(ReceiverMode::up); });
  world.run_until(1h);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
}

// A channel that left the configuration while the process was off: its notices end with that
// reason, and do not wait for ever.
TEST(SeamStory, NoticeOfAChannelThatIsGoneEndsWithTheReason) {
  World world(12);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.sender().set_mode(ReceiverMode::dead);
  world.at(60s, [&] { world.down(kDb); });
  world.at(2min, [&] {
    world.config().channels.clear();
    world.crash_and_restart();
  });
  world.run_until(5min);
  ASSERT_EQ(world.disk().deliveries.size(), 1u);
  const Delivery& delivery = world.disk().deliveries.begin()->second;
  EXPECT_EQ(delivery.state, DeliveryState::dead);
  EXPECT_EQ(delivery.last_result, "channel \"ops\" is no longer in the configuration");
}

// --- time

// Bad for five minutes is told after five minutes, by an extra run, not at the next slot.
TEST(SeamStory, BadForLongIsToldWhenTheTimeIsUp) {
  World world(14);
  Monitor slow = monitor("db", kDb);
  slow.interval = 2min;
  slow.alert.after_minutes = 5min;
  world.watch(slow);
  world.up(kDb);
  world.at(2min, [&] { world.down(kDb); });
  world.run_until(15min);
  ASSERT_EQ(types(world.told()), (Told{"monitor.down db"}));
  const auto first = std::ranges::find_if(world.disk().attempts, [](const auto& row) {
    return row.second.attempt.evaluation.verdict == Verdict::failed;
  });
  const SystemTime told = SimClock::kEpoch + world.sender().accepted()[0].at;
  EXPECT_GE(told - first->first.slot, 5min);
  EXPECT_LE(told - first->first.slot, 5min + 1s);
}

// Set back by a day while something is down: reminders go on, and so does the end of flapping.
TEST(SeamStory, ClockJumpBackDoesNotSilenceReminders) {
  World world(15);
  Monitor nagging = monitor("db", kDb);
  nagging.alert.reminder_every = 2min;
  nagging.alert.reminder_count = 3;
  world.watch(nagging);
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(90s, [&] { world.clock().push_wall(-24h); });
  world.run_until(20min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db", "monitor.reminder db",
                                       "monitor.reminder db", "monitor.reminder db"}));
}

// The changes of yesterday are not recent because the clock went back: one failure is one notice.
TEST(SeamStory, ClockJumpBackIsNoFlapping) {
  World world(16);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  for (int i = 0; i < 4; ++i) {
    world.at(1h + i * 2h, [&] { world.down(kDb); });
    world.at(1h + i * 2h + 10min, [&] { world.up(kDb); });
  }
  world.at(10h, [&] { world.clock().push_wall(-24h); });
  world.at(11h, [&] { world.down(kDb); });
  world.run_until(12h);
  EXPECT_EQ(std::ranges::count(types(world.told()), "monitor.flapping db"), 0);
  EXPECT_EQ(std::ranges::count(types(world.told()), "monitor.down db"), 5);
}

// Set forward by an hour: a failure of five seconds is not one of five minutes.
TEST(SeamStory, ClockJumpForwardDoesNotEndAConfirmation) {
  World world(17);
  Monitor slow = monitor("db", kDb);
  slow.alert.after_minutes = 5min;
  world.watch(slow);
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(75s, [&] { world.clock().push_wall(1h); });
  world.at(2min, [&] { world.up(kDb); });
  world.run_until(10min);
  EXPECT_EQ(world.told(), Told{});
}

// The clock was set back while we were off: a daily check does not wait a day for its next slot.
TEST(SeamStory, RestartWithAnEarlierClockChecksSoon) {
  World world(18);
  Monitor daily = monitor("db", kDb);
  daily.interval = 24h;
  world.watch(daily);
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(2min, [&] {
    world.clock().push_wall(-2h);
    world.crash_and_restart();
  });
  world.run_until(10min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
}

}  // namespace
}  // namespace tocsin::sim
