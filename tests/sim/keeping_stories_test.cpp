// Timelines about what has to outlast something: counters a restart, an incident its project's
// name, a notice a weekend in which the machine slept.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "base/limits.h"
#include "sim/world.h"

namespace tocsin::sim {
namespace {

constexpr auto kDb = "10.0.0.1:5432";
constexpr auto kCache = "10.0.0.2:6379";

// As the configuration reader makes them.
Monitor of_file(const std::string& project, const std::string& id, const std::string& target) {
  Monitor result = monitor(id, target);
  result.project = project;
  result.origin = {.file = "tocsin.yaml", .line = 3};
  return result;
}

Error acknowledge_refusal(World& world, const IncidentId& incident) {
  Error refusal;
  world.engine().acknowledge(incident, "ann", "on it", [&](const Result<IncidentView>& answer) {
    refusal = answer ? Error{} : answer.error();
  });
  return refusal;
}

// --- counters

// A tick that was skipped is told of after a restart too: people look at the counter long after.
// The service passes, slowly: its status never changes, and so asks for no commit of its own.
TEST(KeepingStory, SkipsAreCountedOverARestart) {
  World world(1);
  Monitor slow = monitor("db", kDb);
  slow.interval = 1s;
  world.watch(slow);
  world.up(kDb);
  world.service(kDb).round_trip = 2500ms;
  uint64_t before = 0;
  world.at(62s, [&] { before = world.engine().monitor("db")->state.skipped_in_progress; });
  world.at(62s + 500ms, [&] { world.crash_and_restart(); });
  world.run_until(62s + 600ms);
  ASSERT_GT(before, 30u);
  EXPECT_GE(world.engine().monitor("db")->state.skipped_in_progress, before - 5)
      << "the run under way at the crash may take its own skips with it, nothing else";
}

// The same for the periods that passed while the loop stood still.
TEST(KeepingStory, MissedPeriodsAreCountedOverARestart) {
  World world(2);
  Monitor quick = monitor("db", kDb);
  quick.interval = 1s;
  world.watch(quick);
  world.up(kDb);
  world.at(60s, [&] { world.clock().advance_to(SimClock::steady_at(90s)); });
  world.at(95s, [&] { world.crash_and_restart(); });
  world.run_until(96s);
  EXPECT_GE(world.engine().monitor("db")->state.skipped_missed, 28u);
}

// --- runs and streaks

// A run that changed nothing asks for no commit of the state; after a crash it is read back from
// its result, and is the run that was: its error in the same words, and when it ended.
TEST(KeepingStory, RunReadBackFromItsResultIsTheRunThatWas) {
  for (const bool in_trouble : {false, true}) {
    World world(8);
    world.watch(monitor("db", kDb));
    world.up(kDb);
    world.service(kDb).round_trip = 100ms;
    world.run_until(60s);
    if (in_trouble) {
      world.network().fail_locally(EMFILE, 100'000);
    }
    world.run_until(95s);
    const MonitorState before = world.engine().monitor("db")->state;
    world.crash_and_restart();
    world.run_until(95s + 10ms);
    ASSERT_EQ(world.crashes(), 1u);
    const MonitorState after = world.engine().monitor("db")->state;
    // One at rest is remembered without its newest run (core/steady.h).
    EXPECT_EQ(before.newest.contains(0) && before.newest.at(0).error, in_trouble);
    EXPECT_EQ(after.newest, before.newest);
    EXPECT_EQ(after.status, before.status);
  }
}

// Removed a moment after its first failure, before that was written: what is stored is the end, and
// the failure of then does not count when it is back after a restart.
TEST(KeepingStory, StreakEndsWithTheMonitorAlsoOnDisk) {
  World world(20);
  Monitor patient = monitor("db", kDb);
  patient.alert.after_runs = 3;
  world.watch(patient);
  world.up(kDb);
  world.run_until(60s);
  world.down(kDb);
  Duration now = 60s;
  while (world.engine().monitor("db")->state.status.bad_streak == 0 && now < 90s) {
    world.run_until(now += 1ms);
  }
  world.at(now + 50ms, [&] {
    world.forget("db");
    world.reload();
  });
  world.at(now + 1s, [&] { world.crash_and_restart(); });
  world.run_until(now + 1min);
  world.watch(patient);
  world.reload();
  const size_t before = count_verdicts(world, Verdict::failed);
  now += 1min;
  while (count_verdicts(world, Verdict::failed) < before + 2 && now < 5min) {
    world.run_until(now += 1s);
  }
  world.up(kDb);
  world.run_until(now + 2min);
  EXPECT_EQ(count_verdicts(world, Verdict::failed), before + 2);
  EXPECT_EQ(world.told(), Told{});
  EXPECT_EQ(world.status("db"), StatusKind::up);
}

// --- acknowledgement

// Closed a moment ago is not "unknown": whoever acknowledges learns that it is over, and when.
TEST(KeepingStory, AcknowledgingAClosedIncidentSaysWhenItClosed) {
  World world(3);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.run_until(90s);
  const IncidentId incident = world.engine().monitor("db")->state.alert.incident;
  ASSERT_FALSE(incident.value.empty());
  world.up(kDb);
  world.run_until(2min);
  const Error refusal = acknowledge_refusal(world, incident);
  EXPECT_EQ(refusal.kind, ErrorKind::conflict);
  const Incident& kept = world.disk().incidents.at(incident.value);
  EXPECT_EQ(refusal.message, "The incident was closed at " + rfc3339(*kept.closed) +
                                 " (recovered); there is nothing to acknowledge.");
  EXPECT_EQ(acknowledge_refusal(world, IncidentId{"nobody's"}).kind, ErrorKind::not_found);
}

// --- another name for the project

// The files name another project: what they watched before ends as if it was removed, told to
// nobody, and does not go on beside its successor. What no file made is not theirs to end.
TEST(KeepingStory, RenamedProjectRetiresWhatItsFilesMade) {
  World world(4);
  world.config().project_id = "shop";
  world.watch(of_file("shop", "db", kDb));
  Monitor other = monitor("cache", kCache);
  other.project = "ui";
  world.disk().monitors[MonitorUid{77}] = {
      .monitor = {MonitorUid{77}, "ui", "cache", false, std::make_shared<const Monitor>(other)},
      .state = {}};
  world.up(kDb);
  world.up(kCache);
  world.at(60s, [&] { world.down(kDb); });
  world.at(2min, [&] {
    world.config().project_id = "store";
    world.config().monitors = {of_file("store", "web", "10.0.0.3:80")};
    world.up("10.0.0.3:80");
    world.reload();
  });
  world.at(5min, [&] { world.crash_and_restart(); });
  world.run_until(10min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
  ASSERT_EQ(world.disk().incidents.size(), 1u);
  const Incident& incident = world.disk().incidents.begin()->second;
  EXPECT_EQ(incident.closed, SimClock::kEpoch + 2min);
  EXPECT_EQ(incident.close_reason, "removed");
  EXPECT_EQ(incident.timeline.back().kind, TimelineKind::removed);
  EXPECT_EQ(incident.timeline.back().text, "The monitor was removed from the configuration.");
  std::vector<std::string> live;
  MonitorList all{{.limit = kMonitorsMax}};
  while (world.engine().read_on(all)) {
  }
  for (const MonitorView& view : all.rows) {
    live.push_back(view.definition->project + "/" + view.definition->id);
  }
  std::ranges::sort(live);
  EXPECT_EQ(live, (std::vector<std::string>{"store/web", "ui/cache"}));
}

// Its name alone was changed, the files are the same: who is on call hears of the failure under
// the new name, and the old incident does not stay open for ever.
TEST(KeepingStory, RenamedProjectTellsOfWhatIsStillDown) {
  World world(5);
  world.config().project_id = "shop";
  world.watch(of_file("shop", "db", kDb));
  world.up(kDb);
  world.at(60s, [&] { world.down(kDb); });
  world.at(2min, [&] {
    world.config().project_id = "store";
    world.config().monitors = {of_file("store", "db", kDb)};
    world.reload();
  });
  world.at(5min, [&] { world.up(kDb); });
  world.run_until(10min);
  EXPECT_EQ(types(world.told()),
            (Told{"monitor.down db", "monitor.down db", "monitor.recovered db"}));
  EXPECT_EQ(std::ranges::count_if(world.disk().incidents,
                                  [](const auto& row) { return !row.second.closed; }),
            0);
}

// --- a weekend asleep

// The attempts that a delivery gets while its receiver is dead, and whether it was given up.
struct Tries {
  uint32_t attempts = 0;
  bool is_dead = false;
};

Tries tries_with(const std::function<void(World&)>& happens) {
  World world(6);
  Monitor seldom = monitor("db", kDb);
  seldom.interval = 10min;
  world.watch(seldom);
  world.up(kDb);
  world.sender().set_mode(ReceiverMode::dead);
  world.at(60s, [&] { world.down(kDb); });
  world.at(20min, [&] { happens(world); });
  world.run_until(24h * 10);
  const Delivery& delivery = world.disk().deliveries.begin()->second;
  return {delivery.attempts, delivery.state == DeliveryState::dead};
}

// A delivery is given up after its tries, not by its age on a clock that leapt: each leap of three
// days leaves it as many as without one.
TEST(KeepingStory, DeliveryGetsAllItsTriesOverALeapOfThreeDays) {
  const Tries quiet = tries_with([](World&) {});
  ASSERT_TRUE(quiet.is_dead);
  ASSERT_GT(quiet.attempts, 10u);
  const Tries leapt = tries_with([](World& world) { world.clock().push_wall(kDeliveryHorizon); });
  EXPECT_TRUE(leapt.is_dead);
  EXPECT_EQ(leapt.attempts, quiet.attempts);
  const Tries slept = tries_with([](World& world) {
    world.clock().advance_to(world.clock().steady_now() + kDeliveryHorizon);
  });
  EXPECT_TRUE(slept.is_dead);
  EXPECT_EQ(slept.attempts, quiet.attempts);
}

// The laptop wakes on Monday before its network does: the notice of Friday still arrives.
TEST(KeepingStory, NoticeFromBeforeAWeekendAsleepArrives) {
  World world(7);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.sender().set_mode(ReceiverMode::dead);
  world.at(60s, [&] { world.down(kDb); });
  world.at(2min, [&] { world.clock().advance_to(world.clock().steady_now() + kDeliveryHorizon); });
  world.at(kDeliveryHorizon + 10min, [&] { world.sender().set_mode(ReceiverMode::up); });
  world.run_until(kDeliveryHorizon + 24h);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
}

}  // namespace
}  // namespace tocsin::sim
