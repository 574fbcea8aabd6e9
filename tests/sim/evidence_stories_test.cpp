// When a failure is looked into, and where people read what was found.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "engine/evidence_desk.h"
#include "sim/world.h"

namespace tocsin::sim {
namespace {

constexpr auto kDb = "10.0.0.1:5432";

// Silent from now on, on a host that lives behind one router.
void silence(World& world, const std::string& address) {
  world.service(address).connect = Behaviour::Connect::silent;
  world.network().host(address.substr(0, address.find(':'))).path = {"10.9.9.9"};
}

constexpr auto kFound =
    "The host answers (port 1 refused at once), port 5432 is silent; the last hop that answered is "
    "10.9.9.9, 1 hop away.";

std::vector<std::string> timeline(World& world) {
  std::vector<std::string> kinds;
  for (const auto& [id, incident] : world.disk().incidents) {
    for (const TimelineEntry& entry : incident.timeline) {
      kinds.emplace_back(timeline_kind_name(entry.kind));
    }
  }
  return kinds;
}

const Incident& only_incident(World& world) {
  EXPECT_EQ(world.disk().incidents.size(), 1U);
  return world.disk().incidents.begin()->second;
}

std::vector<EvidenceState> states(World& world) {
  std::vector<EvidenceState> all;
  for (const auto& [id, evidence] : world.disk().evidence) {
    all.push_back(evidence.state);
  }
  return all;
}

std::string told_evidence(World& world, size_t nth) {
  return nlohmann::json::parse(world.sender().accepted().at(nth).body)["data"].value("evidence",
                                                                                     "");
}

// The notice does not wait: it leaves as soon as without evidence, and the timeline has it a second
// later.
TEST(EvidenceStory, ANoticeNeverWaitsForIt) {
  World world(1);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(95s, [&] { silence(world, kDb); });
  world.run_until(3min);
  ASSERT_EQ(types(world.told()), Told{"monitor.down db"});
  EXPECT_EQ(told_evidence(world, 0), "");
  const Incident& incident = only_incident(world);
  EXPECT_LE(world.sender().accepted()[0].at, 105s + 5s + 100ms);
  ASSERT_EQ(timeline(world), (std::vector<std::string>{"first_failure", "confirmed", "evidence"}));
  EXPECT_EQ(incident.timeline[2].text, kFound);
  EXPECT_LE(incident.timeline[2].at - incident.timeline[1].at, 1s);
}

// Where a second failure is asked for, the notice has what was found after the first.
TEST(EvidenceStory, AConfirmedFailureIsToldWithIt) {
  World world(2);
  Monitor twice = monitor("db", kDb);
  twice.alert.after_runs = 2;
  world.watch(twice);
  world.up(kDb);
  world.at(95s, [&] { silence(world, kDb); });
  world.run_until(3min);
  ASSERT_EQ(types(world.told()), Told{"monitor.down db"});
  EXPECT_EQ(told_evidence(world, 0), kFound);
  EXPECT_EQ(timeline(world), (std::vector<std::string>{"first_failure", "evidence", "confirmed"}));
}

// The same with a retry inside the run: the first failed attempt is the one looked into.
TEST(EvidenceStory, ARetriedFailureIsToldWithIt) {
  World world(3);
  Monitor patient = monitor("db", kDb);
  patient.interval = 60s;
  patient.retry = {.strategy = RetryStrategy::fixed, .base = 3s, .max = 1};
  world.watch(patient);
  world.up(kDb);
  world.at(95s, [&] { silence(world, kDb); });
  world.run_until(4min);
  ASSERT_EQ(types(world.told()), Told{"monitor.down db"});
  EXPECT_EQ(told_evidence(world, 0), kFound);
  EXPECT_EQ(world.disk().evidence.begin()->first.attempt, 1);
}

// Once, however long it lasts; again after it was good.
TEST(EvidenceStory, OnlyTheFirstFailureIsLookedInto) {
  World world(4);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(95s, [&] { silence(world, kDb); });
  world.at(5min, [&] { world.up(kDb); });
  world.at(7min, [&] { silence(world, kDb); });
  world.run_until(10min);
  EXPECT_EQ(states(world), (std::vector{EvidenceState::gathered, EvidenceState::gathered}));
  EXPECT_GE(count_verdicts(world, Verdict::failed), 30U);
  // A recovery is not told with the reasons of the failure.
  ASSERT_EQ(types(world.told()),
            (Told{"monitor.down db", "monitor.recovered db", "monitor.down db"}));
  EXPECT_EQ(told_evidence(world, 1), "");
}

// What flaps is not looked into with each change.
TEST(EvidenceStory, WhatFlapsIsLookedIntoOnceAMinute) {
  World world(5);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  for (int i = 0; i < 6; ++i) {
    world.at(95s + i * 20s, [&] { world.down(kDb); });
    world.at(105s + i * 20s, [&] { world.up(kDb); });
  }
  world.run_until(4min);
  const std::vector<EvidenceState> all = states(world);
  EXPECT_GE(all.size(), 5U);
  EXPECT_LE(std::ranges::count(all, EvidenceState::gathered), 3);
  EXPECT_GE(std::ranges::count(all, EvidenceState::too_soon), 2);
}

// A whole network goes. Every failure is told at its time, a few are looked into, the others say
// that there were too many.
TEST(EvidenceStory, ManyAtOnceAreNotAllLookedInto) {
  World world(6);
  for (int i = 0; i < 30; ++i) {
    Monitor one = monitor("m" + std::to_string(i), "10.0.1." + std::to_string(i + 1) + ":80");
    world.watch(one);
    world.service(one.target.text());
  }
  world.at(95s, [&] {
    for (int i = 0; i < 30; ++i) {
      silence(world, "10.0.1." + std::to_string(i + 1) + ":80");
    }
  });
  world.run_until(3min);
  const std::vector<EvidenceState> all = states(world);
  EXPECT_EQ(all.size(), 30U);
  EXPECT_GE(std::ranges::count(all, EvidenceState::gathered), 4);
  EXPECT_GE(std::ranges::count(all, EvidenceState::too_many), 1);
  EXPECT_EQ(count_verdicts(world, Verdict::unknown), 0U);
}

// Probing goes on as without it: no attempt is missing, none comes later.
TEST(EvidenceStory, ProbesKeepTheirTimes) {
  World world(7);
  world.watch(monitor("db", kDb));
  world.watch(monitor("web", "10.0.0.2:80"));
  world.up(kDb);
  world.up("10.0.0.2:80");
  world.at(95s, [&] { silence(world, kDb); });
  world.run_until(3min);
  size_t web = 0;
  for (const auto& [id, row] : world.disk().attempts) {
    if (row.attempt.result.remote && row.attempt.result.remote->text() == "10.0.0.2:80") {
      ++web;
      EXPECT_LE(row.attempt.result.scheduling_delay, 1ms);
    }
  }
  EXPECT_GE(web, 17U);
}

// A failure that a restart finds was looked into, or not, before it: nobody knows the moment any
// more.
TEST(EvidenceStory, ARestartLooksIntoNothingOld) {
  World world(8);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(95s, [&] { silence(world, kDb); });
  world.at(3min, [&] { world.crash_and_restart(); });
  world.run_until(5min);
  EXPECT_EQ(states(world), std::vector{EvidenceState::gathered});
}

// Our own trouble is no failure of the target.
TEST(EvidenceStory, TroubleOfOurOwnIsNotLookedInto) {
  World world(9);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(95s, [&] { world.network().fail_locally(EMFILE, 100'000); });
  world.at(130s, [&] { world.network().fail_locally(0, 0); });
  world.run_until(4min);
  EXPECT_GE(count_verdicts(world, Verdict::unknown), 1U);
  EXPECT_EQ(states(world), std::vector<EvidenceState>{});
}

// The name moved to where nobody listens: the last good address is remembered.
TEST(EvidenceStory, ANameThatMovedIsTold) {
  World world(10);
  Monitor named = monitor("db", "db.example.com:5432");
  named.alert.after_runs = 2;
  world.watch(named);
  world.resolver().name("db.example.com", "10.0.0.1");
  world.up(kDb);
  world.at(95s, [&] { world.resolver().name("db.example.com", "10.0.0.7"); });
  world.run_until(3min);
  EXPECT_EQ(told_evidence(world, 0),
            "The name now leads to 10.0.0.7; the last good check went to 10.0.0.1, which still "
            "answers.");
}

// Taken off the list in the second in which it is looked into: nothing is told of it.
TEST(EvidenceStory, AMonitorThatIsRemovedMeanwhile) {
  World world(11);
  world.watch(monitor("db", kDb));
  world.up(kDb);
  world.at(95s, [&] { silence(world, kDb); });
  bool gone = false;
  for (int tenth = 0; tenth < 150; ++tenth) {
    world.at(95s + tenth * 100ms, [&] {
      if (!gone && !world.disk().incidents.empty()) {
        gone = true;
        world.forget("db");
        world.reload();
      }
    });
  }
  world.run_until(4min);
  EXPECT_TRUE(gone);
  EXPECT_EQ(only_incident(world).close_reason, "removed");
}

}  // namespace
}  // namespace tocsin::sim
