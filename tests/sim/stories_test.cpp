// Timelines of a whole server: what happens to a service, and what people are told, second by
// second.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "sim/world.h"

namespace tocsin::sim {
namespace {

constexpr auto kDb = "10.0.0.1:5432";

// The main job: it breaks, one notice; it is back, one notice.
TEST(Story, DownOnceAndRecoveredOnce) {
  World world(1);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(90s, [&] { world.down(kDb); });
  world.at(5min, [&] { world.up(kDb); });
  world.run_until(10min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db", "monitor.recovered db"}));
  EXPECT_EQ(world.status("db"), StatusKind::up);
}

// The person on call hears of it within one interval, a timeout and a second.
TEST(Story, DownIsToldWithinOneInterval) {
  World world(2);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(90s, [&] { world.down(kDb); });
  world.run_until(3min);
  ASSERT_EQ(world.sender().accepted().size(), 1u);
  EXPECT_LE(world.sender().accepted()[0].at, 90s + 10s + 1s);
}

// One bad answer is noise when two are asked for.
TEST(Story, OneBadRunIsNotToldWhenTwoAreNeeded) {
  World world(3);
  Monitor twice = monitor("db", kDb);
  twice.alert.after_runs = 2;
  world.watch(twice);
  world.up(kDb);
  world.at(95s, [&] { world.down(kDb); });
  world.at(104s, [&] { world.up(kDb); });
  world.run_until(5min);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_GE(count_verdicts(world, Verdict::failed), 1u);
}

// A retry that passes makes the run pass: nobody is woken for a hiccup.
TEST(Story, RetryWithinTheRunHidesAHiccup) {
  World world(4);
  Monitor patient = monitor("db", kDb);
  patient.interval = 60s;
  patient.retry = {.strategy = RetryStrategy::fixed,
                   .base = 3s,
                   .max = 2,
                   .total = 60s,
                   .same_location = true,
                   .only_network = false};
  world.watch(patient);
  world.down(kDb);
  world.at(2s, [&] { world.up(kDb); });
  world.run_until(5min);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_EQ(count_verdicts(world, Verdict::failed), 1u);
  EXPECT_EQ(world.status("db"), StatusKind::up);
}

// Receiver dead for an hour: the notice waits and arrives, with the same key as its first try.
TEST(Story, DeadReceiverGetsTheNoticeLater) {
  World world(9);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.sender().set_mode(ReceiverMode::dead);
  world.at(60s, [&] { world.down(kDb); });
  world.at(61min, [&] { world.sender().set_mode(ReceiverMode::up); });
  world.run_until(4h);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
  EXPECT_GT(world.sender().tries(), 3u);
}

// The receiver took it but its answer was lost: it is repeated, recognisably.
TEST(Story, RepeatsCarryTheSameKey) {
  World world(10);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.sender().set_mode(ReceiverMode::lost_answer);
  world.at(60s, [&] { world.down(kDb); });
  world.at(63s, [&] { world.sender().set_mode(ReceiverMode::lost_answer); });
  world.at(80s, [&] { world.sender().set_mode(ReceiverMode::up); });
  world.run_until(10min);
  ASSERT_GE(world.sender().accepted().size(), 2u);
  std::set<std::string> keys;
  for (const Accepted& accepted : world.sender().accepted()) {
    keys.insert(accepted.key);
  }
  EXPECT_EQ(keys.size(), 1u);
}

// Killed between the failure and the notice: the notice still comes, once.
TEST(Story, CrashBeforeTheNoticeDoesNotLoseIt) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    World world(seed);
    world.watch(monitor("db", kDb));
    world.up(kDb);
    world.sender().set_mode(ReceiverMode::dead);
    world.at(60s, [&] { world.down(kDb); });
    world.at(70s + 100ms, [&] { world.crash_and_restart(); });
    world.at(75s, [&] { world.sender().set_mode(ReceiverMode::up); });
    world.run_until(10min);
    EXPECT_EQ(types(world.told()), (Told{"monitor.down db"})) << "seed " << seed;
  }
}

// The open incident is known again after a restart: no second notice, and recovery is told.
TEST(Story, RestartDuringAnIncidentTellsNothingTwice) {
  World world(11);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(3min, [&] { world.crash_and_restart(); });
  world.at(4min, [&] { world.crash_and_restart(); });
  world.at(6min, [&] { world.up(kDb); });
  world.run_until(10min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db", "monitor.recovered db"}));
}

// A restart never runs a slot again.
TEST(Story, RestartRunsNoSlotTwice) {
  World world(12);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  for (int i = 1; i <= 30; ++i) {
    world.at(i * 7s, [&] { world.crash_and_restart(); });
  }
  world.run_until(5min);
  std::set<SystemTime> slots;
  for (const auto& [id, row] : world.disk().attempts) {
    EXPECT_TRUE(slots.insert(id.slot).second) << result_id_text(id);
  }
}

// Taken out of the configuration while down: the incident closes as removed, nobody is told of a
// recovery that was none.
TEST(Story, RemovedWhileDownClosesTheIncident) {
  World world(14);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(2min, [&] {
    world.forget("db");
    world.reload();
  });
  world.run_until(5min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
  ASSERT_EQ(world.disk().incidents.size(), 1u);
  EXPECT_EQ(world.disk().incidents.begin()->second.close_reason, "removed");
}

// The same id coming back continues its history under the same uid.
TEST(Story, ReturningMonitorKeepsItsUid) {
  World world(15);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(2min, [&] {
    world.forget("db");
    world.reload();
  });
  world.at(4min, [&] {
    world.watch(monitor("db", kDb));
    world.reload();
  });
  world.run_until(8min);
  std::set<int64_t> uids;
  for (const auto& [id, row] : world.disk().attempts) {
    uids.insert(id.monitor.value);
  }
  EXPECT_EQ(uids.size(), 1u);
  EXPECT_EQ(world.disk().monitors.size(), 1u);
}

// An acknowledged incident sends no more reminders; recovery is still told.
TEST(Story, AcknowledgeStopsReminders) {
  World world(16);
  Monitor nagging = monitor("db", kDb);
  nagging.alert.reminder_every = 2min;
  nagging.alert.reminder_count = 10;
  bool kept = false;
  world.watch(nagging);
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(6min, [&] {
    const auto view = world.engine().monitor("db");
    world.engine().acknowledge(
        view->state.alert.incident, "ann", "on it",
        [&](const Result<IncidentView>& incident) { kept = incident.has_value(); });
  });
  world.at(15min, [&] { world.up(kDb); });
  world.run_until(20min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db", "monitor.reminder db",
                                       "monitor.reminder db", "monitor.recovered db"}));
}

// A muted monitor is watched, its incident kept, nobody told; the reason is on record.
TEST(Story, MutedIsSilentWithAReason) {
  World world(17);
  Monitor muted = monitor("db", kDb);
  muted.muted = true;
  world.watch(muted);
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.run_until(3min);
  EXPECT_EQ(world.told(), Told{});
  ASSERT_EQ(world.disk().deliveries.size(), 1u);
  EXPECT_EQ(world.disk().deliveries.begin()->second.state, DeliveryState::suppressed);
  EXPECT_EQ(world.disk().deliveries.begin()->second.last_result, "muted");
}

// A child of a failing parent does not page.
TEST(Story, ChildOfAFailingParentDoesNotPage) {
  World world(18);
  world.watch(monitor("router", "10.0.0.254:22"));
  Monitor child = monitor("db", kDb);
  child.depends_on = {"router"};
  child.alert.after_runs = 2;
  world.watch(child);
  world.up(kDb);
  world.up("10.0.0.254:22");
  world.at(60s, [&] {
    world.down("10.0.0.254:22");
    world.down(kDb);
  });
  world.run_until(3min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down router"}));
}

// A slow answer that comes byte by byte is one answer.
TEST(Story, AnswerInPiecesIsJudgedWhole) {
  World world(21);
  Monitor redis = monitor("redis", "10.0.0.2:6379");
  redis.request = {SendStep{"PING\r\n"}};
  redis.assertions = {{.source = AssertionSource::response_data,
                       .property = {},
                       .comparison = Comparison::contains,
                       .target = "+PONG"}};
  world.watch(redis);
  Behaviour& service = world.service("10.0.0.2:6379");
  service.answer = "+PONG\r\n";
  service.segment_bytes = 1;
  world.run_until(2min);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_EQ(world.status("redis"), StatusKind::up);
}

// An endless answer is cut, judged, and does not hold up anybody.
TEST(Story, EndlessAnswerIsCutAndJudged) {
  World world(22);
  Monitor redis = monitor("redis", "10.0.0.2:6379");
  redis.request = {SendStep{"PING\r\n"}};
  redis.assertions = {{.source = AssertionSource::response_data,
                       .property = {},
                       .comparison = Comparison::contains,
                       .target = "+PONG"}};
  world.watch(redis);
  world.service("10.0.0.2:6379").endless = true;
  world.run_until(30s);
  ASSERT_FALSE(world.disk().attempts.empty());
  const ProbeResult& first = world.disk().attempts.begin()->second.attempt.result;
  EXPECT_EQ(first.bytes_received, kReceiveBytesMax) << "all that was judged";
  EXPECT_EQ(first.received.size(), kReceivedKeptBytesMax);
  EXPECT_TRUE(first.received_truncated);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down redis"}));
}

// The person who reads the log at night sees what happened and who was told.
TEST(Story, TheLogTellsOfIncidentsAndFailedDeliveries) {
  World world(24);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.sender().set_mode(ReceiverMode::dead);
  world.at(60s, [&] { world.down(kDb); });
  world.at(75s, [&] { world.sender().set_mode(ReceiverMode::up); });
  world.at(2min, [&] { world.up(kDb); });
  world.run_until(5min);
  const std::vector<std::string>& lines = world.journal().lines();
  ASSERT_GE(lines.size(), 3u);
  EXPECT_TRUE(
      lines.front().starts_with("monitor.down monitor=db target=10.0.0.1:5432 error=tcp_refused"))
      << lines.front();
  EXPECT_TRUE(lines.front().ends_with("tells=ops")) << lines.front();
  EXPECT_TRUE(lines[1].starts_with("delivery failed channel=ops")) << lines[1];
  EXPECT_TRUE(lines.back().starts_with("monitor.recovered monitor=db")) << lines.back();
}

// Nobody is told because no channel is set: the incident says so.
TEST(Story, AnIncidentWithoutChannelsSaysWhyNobodyWasTold) {
  World world(25);
  Monitor lonely = monitor("db", kDb);
  lonely.channels.clear();
  world.watch(lonely);
  world.down(kDb);
  world.run_until(1min);
  ASSERT_EQ(world.disk().incidents.size(), 1u);
  const Incident& incident = world.disk().incidents.begin()->second;
  EXPECT_TRUE(std::ranges::any_of(incident.timeline, [](const TimelineEntry& entry) {
    return entry.text == "No channel is set: nobody is told.";
  }));
}

}  // namespace
}  // namespace tocsin::sim
