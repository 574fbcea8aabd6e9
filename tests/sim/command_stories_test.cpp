// Timelines of monitors that people make, change and steer while the server runs: what they asked
// for outlives reloads, restarts and crashes, and history goes on where it stopped.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/world.h"

namespace tocsin::sim {
namespace {

constexpr auto kDb = "10.0.0.1:5432";
constexpr auto kCache = "10.0.0.2:6379";

// What a command came to; looked at after the world has gone on.
struct Answer {
  Result<MonitorView> view = fail(ErrorKind::busy, "not answered yet");
  MonitorDone done() {
    return [this](const Result<MonitorView>& given) { view = given; };
  }
};

void create(World& world, Monitor wanted, Result<std::vector<MonitorView>>* answer = nullptr) {
  world.engine().commands().create({std::move(wanted)}, ReachRole::admin_api,
                                   [answer](const Result<std::vector<MonitorView>>& made) {
                                     if (answer != nullptr) {
                                       *answer = made;
                                     }
                                   });
}

MonitorUid uid_of(World& world, const std::string& id) { return world.engine().monitor(id)->uid; }

// The one row of the disk with this id.
const MonitorRow& kept(World& world, const std::string& id) {
  return std::ranges::find_if(world.disk().monitors,
                              [&](const auto& row) { return row.second.monitor.id == id; })
      ->second;
}

size_t runs_between(World& world, const std::string& id, Duration from, Duration to) {
  const MonitorUid uid = kept(world, id).monitor.uid;
  return static_cast<size_t>(std::ranges::count_if(world.disk().attempts, [&](const auto& row) {
    const Duration at = row.first.slot - SimClock::kEpoch;
    return row.first.monitor == uid && at >= from && at < to;
  }));
}

// Made by a command, checked at once, told of, and still there after reloads and restarts.
TEST(CommandStory, MonitorOfAPersonLivesThroughReloadAndRestart) {
  World world(1);
  world.watch(monitor("file", kDb));
  world.up(kDb);
  world.up(kCache);
  Result<std::vector<MonitorView>> answer;
  world.at(30s, [&] { create(world, monitor("mine", kCache), &answer); });
  world.at(60s, [&] {
    world.forget("file");
    world.reload();
  });
  world.at(90s, [&] { world.crash_and_restart(); });
  world.at(2min, [&] { world.down(kCache); });
  world.at(3min, [&] { world.reload(); });
  world.at(4min, [&] { world.up(kCache); });
  world.run_until(5min);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->front().definition->project, kUiProject);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down mine", "monitor.recovered mine"}));
  EXPECT_EQ(world.status("mine"), StatusKind::up);
  EXPECT_TRUE(world.engine().monitor("file")->retired);
  EXPECT_GE(runs_between(world, "mine", 30s, 32s), 1u) << "who made it sees an answer at once";
  EXPECT_EQ(kept(world, "mine").monitor.definition->origin.author, ReachRole::admin_api);
}

// What was answered is on the disk: killed the moment after, it is there.
TEST(CommandStory, AnsweredMeansKept) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    World world(seed);
    world.up(kDb);
    bool is_answered = false;
    world.at(10s, [&] {
      world.engine().commands().create({monitor("mine", kDb)}, ReachRole::admin_api,
                                       [&](const Result<std::vector<MonitorView>>& made) {
                                         is_answered = made.has_value();
                                         world.crash_and_restart();
                                       });
    });
    world.run_until(1min);
    ASSERT_TRUE(is_answered);
    EXPECT_EQ(world.crashes(), 1u);
    EXPECT_EQ(world.status("mine"), StatusKind::up) << "seed " << seed;
  }
}

// Paused is paused, whoever owns it: over a reload, over a restart, until somebody resumes.
TEST(CommandStory, PauseHoldsOverReloadAndRestart) {
  World world(2);
  world.watch(monitor("file", kDb));
  world.up(kDb);
  world.up(kCache);
  world.at(10s, [&] { create(world, monitor("mine", kCache)); });
  world.at(60s, [&] {
    for (const char* id : {"file", "mine"}) {
      world.engine().commands().set_paused(uid_of(world, id), true, [](const auto&) {});
    }
  });
  world.at(90s, [&] {
    world.config().monitors.front().description = "changed in the file";
    world.reload();
  });
  world.at(2min, [&] { world.crash_and_restart(); });
  world.at(3min, [&] { world.down(kDb); });
  world.at(5min, [&] {
    EXPECT_EQ(world.status("file"), StatusKind::paused);
    EXPECT_EQ(world.status("mine"), StatusKind::paused);
    for (const char* id : {"file", "mine"}) {
      world.engine().commands().set_paused(uid_of(world, id), false, [](const auto&) {});
    }
  });
  world.run_until(6min);
  for (const char* id : {"file", "mine"}) {
    EXPECT_EQ(runs_between(world, id, 61s, 5min), 0u) << id;
    EXPECT_GE(runs_between(world, id, 5min, 5min + 2s), 1u) << id << ": resumed is checked at once";
  }
  EXPECT_EQ(types(world.told()), (Told{"monitor.down file"}));
  EXPECT_EQ(world.status("mine"), StatusKind::up);
}

// A daily check that is resumed does not leave people without an answer for a day.
TEST(CommandStory, ResumedIsCheckedAtOnce) {
  World world(3);
  Monitor daily = monitor("db", kDb);
  daily.interval = 24h;
  world.watch(daily);
  world.up(kDb);
  world.at(1h, [&] {
    world.engine().commands().set_paused(uid_of(world, "db"), true, [](const auto&) {});
  });
  world.at(1h + 1min, [&] {
    world.engine().commands().set_paused(uid_of(world, "db"), false, [](const auto&) {});
  });
  world.run_until(1h + 2min);
  EXPECT_EQ(world.status("db"), StatusKind::up);
}

// Muted: it is checked, nobody is told, over a restart too; unmuted while still down: told then.
TEST(CommandStory, MuteHoldsOverARestartAndTellsLate) {
  World world(4);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  // Killed as soon as it is answered: nothing else has kept it by then.
  world.at(30s, [&] {
    world.engine().commands().set_muted(uid_of(world, "db"), true,
                                        [&](const auto&) { world.crash_and_restart(); });
  });
  world.at(60s, [&] { world.down(kDb); });
  world.at(3min, [&] { world.reload(); });
  world.at(5min, [&] {
    EXPECT_EQ(world.told(), Told{});
    EXPECT_EQ(world.status("db"), StatusKind::down);
    world.engine().commands().set_muted(uid_of(world, "db"), false, [](const auto&) {});
  });
  world.run_until(6min);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db"}));
}

// Removed while down: its incident closes as removed, nobody hears that it recovered; brought back
// it is the same monitor, confirmed anew.
TEST(CommandStory, DeleteClosesTheIncidentAndRestoreContinues) {
  World world(5);
  world.up(kCache);
  world.at(10s, [&] { create(world, monitor("mine", kCache)); });
  world.at(60s, [&] { world.down(kCache); });
  MonitorUid uid;
  Answer removed, restored;
  world.at(2min, [&] {
    uid = uid_of(world, "mine");
    world.engine().commands().remove(uid, removed.done());
  });
  world.at(3min, [&] { world.crash_and_restart(); });
  world.at(4min, [&] {
    EXPECT_TRUE(world.engine().monitor("mine")->retired);
    world.up(kCache);
    world.engine().commands().restore(uid, restored.done());
  });
  world.at(6min, [&] { world.down(kCache); });
  world.run_until(7min);
  ASSERT_TRUE(removed.view);
  ASSERT_TRUE(restored.view);
  EXPECT_EQ(restored.view->uid, uid);
  EXPECT_EQ(runs_between(world, "mine", 2min + 1s, 4min), 0u);
  EXPECT_GE(runs_between(world, "mine", 10s, 2min), 10u) << "its history is still there";
  EXPECT_EQ(types(world.told()), (Told{"monitor.down mine", "monitor.down mine"}));
  ASSERT_EQ(world.disk().incidents.size(), 2u);
  EXPECT_EQ(world.disk().incidents.begin()->second.close_reason, "removed");
  EXPECT_FALSE(world.disk().incidents.rbegin()->second.closed);
}

// A change takes effect at once and is in the timeline of the open incident.
TEST(CommandStory, ChangeIsCheckedAtOnce) {
  World world(6);
  Monitor hourly = monitor("mine", kDb);
  hourly.interval = 1h;
  world.down(kDb);
  world.up(kCache);
  world.at(10s, [&] { create(world, hourly); });
  Answer changed;
  world.at(2min, [&] {
    Monitor moved = hourly;
    moved.target = *Target::parse(kCache);
    world.engine().commands().change(uid_of(world, "mine"), moved, ReachRole::operator_files,
                                     changed.done());
  });
  world.run_until(3min);
  ASSERT_TRUE(changed.view);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down mine", "monitor.recovered mine"}));
  EXPECT_EQ(world.status("mine"), StatusKind::up);
  EXPECT_EQ(kept(world, "mine").monitor.definition->origin.author, ReachRole::operator_files);
}

// "Run now" runs now, once, however often one asks.
TEST(CommandStory, RunNowRunsOnceASecondAtMost) {
  World world(7);
  Monitor hourly = monitor("db", kDb);
  hourly.interval = 1h;
  world.watch(hourly);
  world.up(kDb);
  for (int i = 0; i < 100; ++i) {
    world.at(10min + i * 10ms,
             [&] { world.engine().commands().run_now(uid_of(world, "db"), [](const auto&) {}); });
  }
  world.run_until(11min);
  const size_t runs = runs_between(world, "db", 10min, 11min);
  EXPECT_GE(runs, 1u);
  EXPECT_LE(runs, 2u);
}

// The gate asks who wrote the definition, at every scheduled run: an editor's monitor of a private
// address is `unknown`, never connected to; an admin's runs.
TEST(CommandStory, EditorsMonitorStaysWithinReach) {
  World world(8);
  world.up(kDb);
  world.up(kCache);
  world.at(10s, [&] {
    world.engine().commands().create({monitor("editors", kDb)}, ReachRole::editor_api,
                                     [](const auto&) {});
    world.engine().commands().create({monitor("admins", kCache)}, ReachRole::admin_api,
                                     [](const auto&) {});
  });
  world.at(60s, [&] { world.crash_and_restart(); });
  world.run_until(3min);
  EXPECT_EQ(world.status("admins"), StatusKind::up);
  EXPECT_EQ(world.status("editors"), StatusKind::unknown);
  const auto last = world.engine().monitor("editors")->last;
  ASSERT_TRUE(last && last->evaluation.error);
  EXPECT_EQ(last->evaluation.error->code, ErrorCode::reach_denied);
  EXPECT_EQ(world.told(), Told{});
}

// The files' own monitors are not changed over the API, and the answer says where they stand.
TEST(CommandStory, ProjectsMonitorsAreRefused) {
  World world(9);
  Monitor of_file = monitor("db", kDb);
  of_file.origin = {.file = "shop.yaml", .line = 7};
  world.watch(of_file);
  world.up(kDb);
  Answer changed, removed, restored;
  world.at(10s, [&] {
    const MonitorUid uid = uid_of(world, "db");
    MonitorCommands& commands = world.engine().commands();
    commands.change(uid, of_file, ReachRole::operator_files, changed.done());
    commands.remove(uid, removed.done());
    commands.restore(uid, restored.done());
  });
  world.run_until(1min);
  for (const Answer* answer : {&changed, &removed, &restored}) {
    ASSERT_FALSE(answer->view);
    EXPECT_EQ(answer->view.error().kind, ErrorKind::conflict);
    EXPECT_EQ(answer->view.error().message,
              "The monitor belongs to project sim (shop.yaml:7): change it there.");
  }
  EXPECT_EQ(world.status("db"), StatusKind::up);
}

// A start with a hundred thousand monitors that did not change writes none of them again. Where
// each stands in its file is known all the same.
TEST(CommandStory, UnchangedMonitorsAreNotWrittenAgain) {
  World world(1);
  Monitor db = monitor("db", kDb);
  db.origin = {.file = "shop.yaml", .line = 7};
  world.watch(db);
  world.up(kDb);
  world.run_until(60s);
  MonitorRow& row = world.disk().monitors.at(uid_of(world, "db"));
  Monitor stored = *row.monitor.definition;
  stored.origin.line = 3;
  row.monitor.definition = std::make_shared<const Monitor>(std::move(stored));
  world.crash_and_restart();
  world.run_until(120s);
  EXPECT_EQ(row.monitor.definition->origin.line, 3);
  EXPECT_EQ(world.engine().monitor("db")->definition->origin.line, 7);
  EXPECT_EQ(world.engine().monitor("db")->state.status.kind, StatusKind::up);
  EXPECT_GT(runs_between(world, "db", 60s, 120s), 0U);
}

}  // namespace
}  // namespace tocsin::sim
