#include "core/incident.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/alert_story.h"

namespace tocsin {
namespace {

using namespace tocsin::story;

Monitor redis() {
  Monitor monitor;
  monitor.project = "shop";
  monitor.id = "redis";
  monitor.name = "Redis sessions";
  monitor.target = *Target::parse("127.0.0.1:6379");
  return monitor;
}

// Folds a whole story, as the engine does.
Incident fold_all(const std::vector<AlertEvent>& events) {
  std::optional<Incident> incident;
  for (const AlertEvent& event : events) {
    incident = fold(std::move(incident), redis(), event);
  }
  return *incident;
}

std::string lines(const Incident& incident) {
  std::string text;
  for (const TimelineEntry& entry : incident.timeline) {
    text += fmt::format("{:>4} {}: {}\n", (entry.at - kStart) / 1s, timeline_kind_name(entry.kind),
                        entry.text);
  }
  return text;
}

TEST(Incident, OpensWithWhatTheMonitorWasThen) {
  AlertStory story({.after_runs = 2});
  story.play("PFF");
  const Incident incident = fold_all(story.events());
  EXPECT_EQ(incident.id.value, "incident-1");
  EXPECT_EQ(incident.project, "shop");
  EXPECT_EQ(incident.monitor_id, "redis");
  EXPECT_EQ(incident.monitor_name, "Redis sessions");
  EXPECT_EQ(incident.target, "127.0.0.1:6379");
  EXPECT_EQ(incident.began, kStart + 60s);
  EXPECT_EQ(incident.opened, kStart + 120s);
  EXPECT_EQ(incident.severity, Verdict::failed);
  EXPECT_FALSE(incident.closed);
}

// The timeline is what people read afterwards, so the whole of it is held here.
TEST(Incident, TimelineTellsTheStory) {
  AlertPolicy policy{.after_runs = 2, .degraded = true};
  policy.reminder_every = 130s;
  policy.reminder_count = 1;
  policy.escalate = {{.after = 150s, .channels = {"boss", "sms"}}};
  AlertStory story(policy);
  story.play("PDDFFFP");
  const Incident incident = fold_all(story.events());
  EXPECT_EQ(
      lines(incident),
      "  60 first_failure: The service answered, but slower than allowed.\n"
      " 120 confirmed: The service answered, but slower than allowed. Not good 2 times in a "
      "row.\n"
      " 240 severity_changed: Nothing listens on this port. Failed 2 times in a row.\n"
      " 250 reminder: Still down after 2 min 10 s. Nothing listens on this port. Failed 2 times "
      "in a row. Reminder 1 of 1.\n"
      " 270 escalated: Escalated to boss, sms. Nobody has acknowledged. Still down after 2 "
      "min 30 s. Nothing listens on this port. Failed 2 times in a row.\n"
      " 360 recovered: Answers again. It lasted 5 min.\n");
  EXPECT_EQ(incident.severity, Verdict::failed) << "the worst it was";
  EXPECT_EQ(incident.closed, kStart + 360s);
  EXPECT_EQ(incident.close_reason, "recovered");
}

// "Why was I not alerted?" is answered by the timeline.
TEST(Incident, SuppressedEventsStandInTheTimelineWithTheirReason) {
  AlertStory story({});
  story.silence.maintenance = "night";
  story.play("PFP");
  const Incident incident = fold_all(story.events());
  EXPECT_EQ(lines(incident),
            "  60 first_failure: Nothing listens on this port.\n"
            "  60 confirmed: Nothing listens on this port.\n"
            "  60 suppressed: monitor.down not sent (maintenance \"night\"): Nothing listens on "
            "this port.\n"
            " 120 suppressed: monitor.recovered not sent (its failure was not told: maintenance "
            "\"night\"): Answers again. It lasted 1 min.\n"
            " 120 recovered: Answers again. It lasted 1 min.\n");
  EXPECT_TRUE(incident.closed) << "nobody was told, but it is over";
}

// While it flaps the incident stays open; the real end closes it.
TEST(Incident, FlappingRecoveriesDoNotCloseIt) {
  AlertStory story({}, 2min);
  story.play("FPFP");
  const size_t before = story.events().size();
  story.play("FPFP");
  const auto flapping =
      std::vector(story.events().begin() + static_cast<long>(before), story.events().end());
  EXPECT_FALSE(fold_all(flapping).closed);
  story.play("PPPPPPPP");
  const auto ended =
      std::vector(story.events().begin() + static_cast<long>(before), story.events().end());
  EXPECT_TRUE(fold_all(ended).closed);
}

TEST(Incident, TheFirstToAcknowledgeStaysItsOwner) {
  AlertStory story({});
  story.play("PF");
  Incident incident = fold_all(story.events());
  incident = acknowledge(incident, "mia", "on it", kStart + 90s);
  incident = acknowledge(incident, "ben", "", kStart + 95s);
  EXPECT_EQ(incident.acknowledged, kStart + 90s);
  EXPECT_EQ(incident.acknowledged_by, "mia");
  EXPECT_EQ(incident.acknowledge_note, "on it");
  EXPECT_EQ(incident.timeline[2].text, "Acknowledged by mia: on it");
  EXPECT_EQ(incident.timeline[3].text, "Acknowledged by ben.");
}

TEST(Incident, AWorseSeverityAsksForAnotherAcknowledgement) {
  AlertPolicy policy;
  policy.degraded = true;
  AlertStory story(policy);
  story.play("PD");
  Incident incident = acknowledge(fold_all(story.events()), "mia", "", story.now());
  story.acknowledge();
  story.play("F");
  incident = fold(std::move(incident), redis(), story.last_event());
  EXPECT_FALSE(incident.acknowledged);
  EXPECT_FALSE(story.state().acknowledged) << "both say the same";
}

TEST(Incident, RemovedClosesOnce) {
  AlertStory story({});
  story.play("PF");
  Incident incident = close_removed(fold_all(story.events()), kStart + 1h);
  EXPECT_EQ(incident.close_reason, "removed");
  const size_t entries = incident.timeline.size();
  incident = close_removed(std::move(incident), kStart + 2h);
  EXPECT_EQ(incident.closed, kStart + 1h);
  EXPECT_EQ(incident.timeline.size(), entries);
}

// However long an incident lasts, its row stays bounded, its beginning and its end are kept, and
// the gap is counted.
TEST(Incident, TimelineKeepsTheFirstFiftyAndTheNewest) {
  Incident incident;
  const int total = 2000;
  for (int i = 0; i < total; ++i) {
    incident = add_timeline(
        std::move(incident),
        {kStart + std::chrono::seconds(i), TimelineKind::delivery, fmt::format("delivery {}", i)});
    ASSERT_LE(incident.timeline.size(), 500U);
    if (i == 499) {
      ASSERT_EQ(incident.timeline.size(), 500U);
      ASSERT_EQ(incident.timeline[50].text, "delivery 50") << "nothing is left out before it must";
    }
  }
  EXPECT_EQ(incident.timeline.size(), 500U);
  EXPECT_EQ(incident.timeline[49].text, "delivery 49");
  EXPECT_EQ(incident.timeline[50].text, "1501 entries left out here");
  EXPECT_EQ(incident.timeline[51].text, "delivery 1551");
  EXPECT_EQ(incident.timeline[499].text, "delivery 1999");
}

}  // namespace
}  // namespace tocsin
