#include "core/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace tocsin {
namespace {

Monitor monitor_named(const std::string& id, int version = 1) {
  Monitor monitor;
  monitor.project = "shop";
  monitor.id = id;
  monitor.name = id;
  monitor.target = *Target::parse("127.0.0.1:80");
  monitor.interval = std::chrono::seconds(version);
  return monitor;
}

KnownMonitor known(int64_t uid, const Monitor& definition, bool retired = false) {
  return {.uid = MonitorUid{uid},
          .project = definition.project,
          .id = definition.id,
          .retired = retired,
          .definition = std::make_shared<const Monitor>(definition)};
}

ChangePlan plan_of(const std::string& project, const std::vector<KnownMonitor>& before,
                   const std::vector<Monitor>& wanted) {
  std::vector<RunningMonitor> running;
  for (const KnownMonitor& monitor : before) {
    running.push_back(
        {.uid = monitor.uid, .retired = monitor.retired, .definition = monitor.definition.get()});
  }
  return plan(project, running, wanted);
}

TEST(Plan, EachMonitorGoesWhereItBelongs) {
  const std::vector<KnownMonitor> before = {
      known(1, monitor_named("same")), known(2, monitor_named("edited", 1)),
      known(3, monitor_named("gone")), known(4, monitor_named("back"), true),
      known(5, monitor_named("gone-before"), true)};
  const std::vector<Monitor> wanted = {monitor_named("same"), monitor_named("edited", 2),
                                       monitor_named("back"), monitor_named("new")};
  const ChangePlan result = plan_of("shop", before, wanted);
  ASSERT_EQ(result.keep.size(), 1U);
  EXPECT_EQ(result.keep[0].uid, MonitorUid{1});
  ASSERT_EQ(result.change.size(), 1U);
  EXPECT_EQ(result.change[0].uid, MonitorUid{2});
  EXPECT_EQ(wanted[result.change[0].wanted].interval, 2s)
      << "the wanted definition, not the old one";
  ASSERT_EQ(result.revive.size(), 1U);
  EXPECT_EQ(result.revive[0].uid, MonitorUid{4}) << "the same uid: its history continues";
  ASSERT_EQ(result.add.size(), 1U);
  EXPECT_EQ(result.add[0].uid, MonitorUid{0});
  EXPECT_EQ(result.retire, std::vector{MonitorUid{3}}) << "what is retired already stays so";
}

// A reload of one project must not retire the monitors of another, even under the same id.
TEST(Plan, OtherProjectsAreNotTouched) {
  Monitor made_by_hand = monitor_named("db");
  made_by_hand.project = "ui";
  const std::vector<KnownMonitor> before = {known(1, made_by_hand)};
  const ChangePlan result = plan_of("shop", before, std::vector{monitor_named("db")});
  EXPECT_TRUE(result.retire.empty());
  ASSERT_EQ(result.add.size(), 1U);
}

// Renaming the project in its file once left every monitor running twice, the old ones for ever:
// nothing names them any more.
TEST(Plan, AProjectRenamedInItsFileLeavesNothingBehind) {
  Monitor old = monitor_named("db");
  old.origin = {"shop.yaml", 3};
  const ChangePlan result =
      plan_of("store", std::vector{known(1, old)}, std::vector{monitor_named("db")});
  EXPECT_EQ(result.retire, std::vector{MonitorUid{1}});
  ASSERT_EQ(result.add.size(), 1U);
}

// Moving a monitor to another line of the file is no change.
TEST(Plan, AnotherOriginIsKept) {
  Monitor moved = monitor_named("db");
  moved.origin = {.file = "b.yaml", .line = 7};
  const ChangePlan result =
      plan_of("shop", std::vector{known(1, monitor_named("db"))}, std::vector{moved});
  ASSERT_EQ(result.keep.size(), 1U);
  EXPECT_EQ(result.keep[0].uid, MonitorUid{1});
}

// Applies a plan the way an engine does.
std::vector<KnownMonitor> store_after(std::vector<KnownMonitor> store, const ChangePlan& changes,
                                      const std::vector<Monitor>& wanted) {
  int64_t next_uid = 1;
  for (const KnownMonitor& monitor : store) {
    next_uid = std::max(next_uid, monitor.uid.value + 1);
  }
  const auto find = [&](MonitorUid uid) {
    return std::ranges::find(store, uid, &KnownMonitor::uid);
  };
  for (const MonitorUid uid : changes.retire) {
    find(uid)->retired = true;
  }
  for (const auto* list : {&changes.change, &changes.keep, &changes.revive}) {
    for (const PlannedMonitor& monitor : *list) {
      find(monitor.uid)->definition = std::make_shared<const Monitor>(wanted[monitor.wanted]);
      find(monitor.uid)->retired = false;
    }
  }
  for (const PlannedMonitor& monitor : changes.add) {
    store.push_back(known(next_uid++, wanted[monitor.wanted]));
  }
  return store;
}

// Plan then apply gives exactly what is wanted, uids are never given twice, and planning again
// finds nothing to do.
TEST(Plan, ApplyingAPlanGivesTheWantedConfiguration) {
  std::mt19937 random(7);
  std::vector<KnownMonitor> store;
  std::map<std::string, MonitorUid> uid_of;
  for (int round = 0; round < 300; ++round) {
    std::vector<Monitor> wanted;
    for (int id = 0; id < 12; ++id) {
      if (random() % 3 != 0) {
        wanted.push_back(
            monitor_named("m" + std::to_string(id), static_cast<int>(random() % 3) + 1));
      }
    }
    std::ranges::shuffle(wanted, random);
    store = store_after(store, plan_of("shop", store, wanted), wanted);

    std::map<std::string, const KnownMonitor*> live;
    for (const KnownMonitor& monitor : store) {
      if (!monitor.retired) {
        ASSERT_TRUE(live.emplace(monitor.id, &monitor).second);
        ASSERT_EQ(uid_of.emplace(monitor.id, monitor.uid).first->second, monitor.uid)
            << "one id, one history";
      }
    }
    ASSERT_EQ(live.size(), wanted.size());
    for (const Monitor& monitor : wanted) {
      ASSERT_TRUE(same_definition(*live.at(monitor.id)->definition, monitor));
    }
    const ChangePlan again = plan_of("shop", store, wanted);
    ASSERT_EQ(again.keep.size(), wanted.size());
    ASSERT_TRUE(again.add.empty() && again.revive.empty() && again.change.empty() &&
                again.retire.empty());
  }
}

}  // namespace
}  // namespace tocsin
