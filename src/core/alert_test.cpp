#include "core/alert.h"

#include <gtest/gtest.h>

#include "core/alert_story.h"

namespace tocsin {
namespace {

using namespace tocsin::story;

AlertPolicy plain() { return {}; }

AlertPolicy with_degraded() {
  AlertPolicy policy;
  policy.degraded = true;
  return policy;
}

TEST(AlertDecide, DownAndRecoveredAreToldOnce) {
  AlertStory story(plain());
  EXPECT_EQ(story.play("PFFFPP"), "1 down, 2 recovered");
}

// Confirmation comes first: one failure is noise.
TEST(AlertDecide, NothingIsToldBeforeConfirmation) {
  AlertStory story({.after_runs = 2});
  EXPECT_EQ(story.play("PFPF"), "");
  EXPECT_EQ(story.play("F"), "1 down");
}

TEST(AlertDecide, DegradedIsToldOnlyWhenThePolicySaysSo) {
  EXPECT_EQ(AlertStory(plain()).play("PDDP"), "");
  EXPECT_EQ(AlertStory(with_degraded()).play("PDDP"), "1 degraded, 2 recovered");
}

// One incident through all severities: its events are numbered on, so every notice finds its
// predecessor.
TEST(AlertDecide, SeverityChangesStayInOneIncident) {
  AlertStory story(with_degraded());
  EXPECT_EQ(story.play("PDFDP"), "1 degraded, 2 down, 3 degraded, 4 recovered");
  EXPECT_EQ(story.incidents(), 1);
}

TEST(AlertDecide, EachIncidentCountsFromOne) {
  AlertStory story(plain());
  EXPECT_EQ(story.play("PFP"), "1 down, 2 recovered");
  EXPECT_EQ(story.play("F"), "1 down");
  EXPECT_EQ(story.incidents(), 2);
}

TEST(AlertDecide, TheFirstEventOpensAndTheLastCloses) {
  AlertStory story(plain());
  story.play("PF");
  EXPECT_TRUE(story.last_step().open_incident);
  EXPECT_EQ(story.state().incident.value, "incident-1");
  EXPECT_EQ(story.state().opened, story.now());
  EXPECT_EQ(story.state().began, kStart + 60s);
  story.play("P");
  EXPECT_TRUE(story.last_step().close_incident);
  EXPECT_EQ(story.last_event().incident.value, "incident-1");
  EXPECT_TRUE(story.state().incident.value.empty());
}

TEST(AlertDecide, ReasonsArePlainSentences) {
  AlertStory story({.after_runs = 3});
  story.play("PFFF");
  EXPECT_EQ(story.last_event().reason,
            "Nothing is listening on this port. Failed 3 times in a row.");
  EXPECT_EQ(story.last_event().began, kStart + 60s);
  story.play("P");
  EXPECT_EQ(story.last_event().reason, "Answers again. It lasted 3 min.");
  EXPECT_EQ(story.last_event().error, refused());
}

// A port that should be closed is well when nobody answers.
TEST(AlertDecide, RecoveryOfAClosedPortIsNoAnswer) {
  AlertStory story({});
  story.monitor.expect = Expectation::closed;
  story.play("PFP");
  EXPECT_EQ(story.last_event().reason, "Is again as it should be. It lasted 1 min.");
}

struct SilenceRow {
  const char* story;
  Silence silence;
  const char* reason;
};

// "Why was I not alerted?" always has an answer: the event exists, the incident opens, and the
// reason stands beside it.
TEST(AlertDecide, SuppressedEventsCarryTheirReason) {
  const std::vector<SilenceRow> rows = {
      {"muted", {.muted = true}, "muted"},
      {"maintenance", {.maintenance = "night"}, "maintenance \"night\""},
      {"parent", {.failing_parent = "router"}, "parent \"router\" is failing"},
      {"mute is the first reason", {.muted = true, .maintenance = "night"}, "muted"},
  };
  for (const SilenceRow& row : rows) {
    AlertStory story(plain());
    story.silence = row.silence;
    story.play("PF");
    EXPECT_EQ(story.last_event().suppressed, row.reason) << row.story;
    EXPECT_TRUE(story.last_step().open_incident) << row.story;
    EXPECT_FALSE(story.state().told_down) << row.story;
  }
}

TEST(AlertDecide, AMonitorMutedInItsDefinitionIsMuted) {
  AlertStory story(plain());
  story.monitor.muted = true;
  EXPECT_EQ(story.play("PFP"), "1 down (muted), 2 recovered (its failure was not told: muted)");
}

// A recovery of something nobody heard of only confuses.
TEST(AlertDecide, RecoveryIsToldOnlyIfTheFailureWas) {
  AlertStory story(plain());
  story.silence.maintenance = "night";
  EXPECT_EQ(story.play("PF"), "1 down (maintenance \"night\")");
  EXPECT_EQ(story.play("P"), "2 recovered (its failure was not told: maintenance \"night\")");
}

// What was told must end: an alert left open at a pager through the maintenance night wakes people
// for nothing.
TEST(AlertDecide, TheEndOfAToldIncidentIsToldInMaintenance) {
  AlertStory story(plain());
  story.play("PF");
  story.silence = {.maintenance = "night", .failing_parent = "router"};
  EXPECT_EQ(story.play("P"), "2 recovered");
}

TEST(AlertDecide, MuteSilencesTheEndToo) {
  AlertStory story(plain());
  story.play("PF");
  story.silence.muted = true;
  EXPECT_EQ(story.play("P"), "2 recovered (muted)");
}

// product.md: "still failed and confirmed at the end: told then, with the true start".
TEST(AlertDecide, StillDownAfterMaintenanceIsToldThenWithTheTrueStart) {
  AlertStory story(plain());
  story.silence.maintenance = "night";
  EXPECT_EQ(story.play("PFFF"), "1 down (maintenance \"night\")");
  story.silence = {};
  EXPECT_EQ(story.wait(1s), "2 down");
  EXPECT_EQ(story.last_event().began, kStart + 60s);
  EXPECT_EQ(
      story.last_event().reason,
      "Nothing is listening on this port. Failed 3 times in a row. Told only now, it was held "
      "back: maintenance \"night\".");
  EXPECT_EQ(story.wait(1s), "") << "once";
  EXPECT_EQ(story.play("P"), "3 recovered");
}

// The parent's recovery usually brings the child with it: only the child's own next failure is
// news.
TEST(AlertDecide, StillDownAfterTheParentIsToldAtItsOwnNextFailure) {
  AlertStory story(plain());
  story.silence.failing_parent = "router";
  EXPECT_EQ(story.play("PF"), "1 down (parent \"router\" is failing)");
  story.silence = {};
  EXPECT_EQ(story.wait(30s), "");
  EXPECT_EQ(story.play("?"), "") << "an unknown outcome is no news either";
  EXPECT_EQ(story.play("F"), "2 down");
}

TEST(AlertDecide, RecoveringIsNoTimeForALateNotice) {
  AlertStory story({.recover_after_runs = 2});
  story.silence.maintenance = "night";
  EXPECT_EQ(story.play("PFP"), "1 down (maintenance \"night\")");
  story.silence = {};
  EXPECT_EQ(story.wait(1s), "");
  EXPECT_EQ(story.play("F"), "2 down") << "the recovery did not hold";
}

// Unknown is a state of ours, not of the target: the incident stays open and nothing is said.
TEST(AlertDecide, UnknownSaysNothingAndKeepsTheIncidentOpen) {
  AlertStory story(plain());
  story.play("PF");
  EXPECT_EQ(story.wait(10min), "");
  EXPECT_EQ(story.status().kind, StatusKind::unknown);
  EXPECT_EQ(story.state().incident.value, "incident-1");
  EXPECT_EQ(story.play("P"), "2 recovered");
}

TEST(AlertDecide, SeverityThatRisesClearsTheAcknowledgement) {
  AlertStory story(with_degraded());
  story.play("PD");
  story.acknowledge();
  EXPECT_TRUE(story.state().acknowledged);
  story.play("F");
  EXPECT_FALSE(story.state().acknowledged) << "it became worse than what was acknowledged";
  story.acknowledge();
  story.play("D");
  EXPECT_TRUE(story.state().acknowledged) << "better is no reason to ask again";
}

TEST(AlertAcknowledge, IsIdempotentAndNeedsAnIncident) {
  AlertStory story(plain());
  EXPECT_FALSE(acknowledge(story.state(), kStart).acknowledged);
  story.play("PF");
  const AlertState first = acknowledge(story.state(), kStart + 1h);
  EXPECT_EQ(acknowledge(first, kStart + 2h), first);
}

// A monitor taken out of the files leaves no open incident and wakes nobody.
TEST(AlertRetire, ClosesWithoutAnEvent) {
  AlertStory story(plain());
  story.play("PF");
  const AlertStep step = retire(story.state(), kStart + 1h);
  EXPECT_TRUE(step.close_incident);
  EXPECT_TRUE(step.events.empty());
  EXPECT_EQ(step.after, AlertState{});
  EXPECT_FALSE(retire({}, kStart).close_incident);
}

// A policy changed by a reload must not leave an incident that nothing can close.
TEST(AlertDecide, ADegradedIncidentClosesWhenThePolicyNoLongerTellsIt) {
  AlertStory story(with_degraded());
  story.play("PD");
  story.monitor.alert.degraded = false;
  EXPECT_EQ(story.play("D"), "2 recovered");
  EXPECT_EQ(story.last_event().reason, "No longer failing, but degraded.");
}

// A channel that is new in the definition hears of a failure that others were told of, once, and
// then of its end like everybody.
TEST(AlertNewcomers, HearOfWhatIsGoingOn) {
  AlertStory story(plain());
  Monitor before = story.monitor;
  before.channels = {"ops"};
  Monitor after = before;
  after.channels = {"ops", "pager"};
  const auto tell = [&] {
    return tell_newcomers(before, after, MonitorUid{1}, story.state(), story.status(),
                          story.silence, story.now());
  };
  story.play("P");
  EXPECT_TRUE(tell().events.empty()) << "nothing is open";
  story.play("F");
  const AlertStep step = tell();
  ASSERT_EQ(step.events.size(), 1U);
  EXPECT_EQ(step.events[0].type, EventType::down);
  EXPECT_EQ(step.events[0].number, 2U);
  EXPECT_EQ(step.events[0].channels, std::vector<std::string>{"pager"});
  EXPECT_TRUE(step.events[0].suppressed.empty());
  after.channels = {};
  EXPECT_TRUE(tell().events.empty()) << "nobody is new";
}

TEST(AlertNewcomers, AreNotWokenForWhatIsAcknowledgedHeldOrDisabled) {
  AlertStory story(plain());
  const Monitor before = story.monitor;
  Monitor after = before;
  after.channels = {"pager"};
  const auto tell = [&] {
    return tell_newcomers(before, after, MonitorUid{1}, story.state(), story.status(),
                          story.silence, story.now());
  };
  story.silence.muted = true;
  story.play("PF");
  EXPECT_TRUE(tell().events.empty()) << "held: it is told by itself later";
  story.silence.muted = false;
  story.play("F");
  story.acknowledge();
  ASSERT_EQ(tell().events.size(), 1U);
  EXPECT_EQ(tell().events[0].suppressed, "acknowledged");
  after.enabled = false;
  EXPECT_TRUE(tell().events.empty());
}

// A revived monitor may come back with a status that is down and no incident: it must not stay
// silent for ever.
TEST(AlertDecide, DownWithoutAnIncidentOpensOne) {
  AlertStory story(plain());
  story.play("PF");
  story.forget_alert();
  EXPECT_EQ(story.play("F"), "1 down");
}

}  // namespace
}  // namespace tocsin
