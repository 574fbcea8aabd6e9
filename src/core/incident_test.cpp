#include "core/incident.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

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

// It is found out after the first failure; the confirmation may come before it or after.
TEST(Incident, EvidenceStandsWhereItBelongsInTime) {
  AlertStory story({.after_runs = 2});
  story.play("PFF");
  const Incident incident = fold_all(story.events());
  const auto kinds = [](const Incident& of) {
    std::string text;
    for (const TimelineEntry& entry : of.timeline) {
      text += std::string(timeline_kind_name(entry.kind)) + " ";
    }
    return text;
  };
  EXPECT_EQ(kinds(add_evidence(incident, kStart + 61s, "Silent.")),
            "first_failure evidence confirmed ");
  EXPECT_EQ(kinds(add_evidence(incident, kStart + 121s, "Silent.")),
            "first_failure confirmed evidence ");
}

// In a long one the beginning and the gap stay as they are.
TEST(Incident, EvidenceOfALongIncidentComesLast) {
  Incident incident;
  for (int i = 0; i < 600; ++i) {
    incident = add_timeline(std::move(incident), {kStart + i * 1s, TimelineKind::note, "note"});
  }
  incident = add_evidence(std::move(incident), kStart + 700s, "Silent.");
  EXPECT_EQ(incident.timeline.size(), 500U);
  EXPECT_EQ(incident.timeline.back().text, "Silent.");
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
  EXPECT_EQ(lines(incident),
            "  60 first_failure: The service answered, but slower than allowed.\n"
            " 120 confirmed: The service answered, but slower than allowed. Not good 2 times in a "
            "row.\n"
            " 240 severity_changed: Nothing is listening on this port. Failed 2 times in a row.\n"
            " 250 reminder: Still down after 2 min 10 s. Nothing is listening on this port. Failed "
            "2 times "
            "in a row. Reminder 1 of 1.\n"
            " 270 escalated: Escalated to boss, sms. Nobody has acknowledged. Still down after 2 "
            "min 30 s. Nothing is listening on this port. Failed 2 times in a row.\n"
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
  EXPECT_EQ(
      lines(incident),
      "  60 first_failure: Nothing is listening on this port.\n"
      "  60 confirmed: Nothing is listening on this port.\n"
      "  60 suppressed: monitor.down not sent (maintenance \"night\"): Nothing is listening on "
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

// A person sees who was told, and who was not, between what happened.
TEST(Incident, TimelineHasTheDeliveriesThatEnded) {
  AlertStory story({});
  story.play("PFP");
  const Incident incident = fold_all(story.events());
  const auto delivery = [](const std::string& channel, DeliveryState state, Duration after) {
    Delivery made;
    made.channel = channel;
    made.event.type = EventType::down;
    made.state = state;
    made.attempts = 2;
    made.last_result = state == DeliveryState::delivered ? "200 OK" : "no route to host";
    if (state != DeliveryState::waiting) {
      made.finished = kStart + after;
    }
    return made;
  };
  Incident read = incident;
  read.timeline =
      timeline_with(incident, std::array{delivery("mail", DeliveryState::dead, 130s),
                                         delivery("ops", DeliveryState::delivered, 61s),
                                         delivery("sms", DeliveryState::waiting, 0s),
                                         delivery("chat", DeliveryState::suppressed, 62s)});
  std::string told;
  for (const TimelineEntry& entry : read.timeline) {
    told += fmt::format("{} {}\n", (entry.at - kStart) / 1s, timeline_kind_name(entry.kind));
  }
  EXPECT_EQ(told, "60 first_failure\n60 confirmed\n61 delivery\n120 recovered\n130 delivery\n");
  EXPECT_EQ(read.timeline[2].text, "ops was told of monitor.down (attempt 2: 200 OK)");
  EXPECT_EQ(read.timeline[4].text,
            "mail could not be told of monitor.down (attempt 2: no route to host)");
}

TEST(Incident, TimelineTellsWhatAReloadChanged) {
  AlertStory story({});
  story.play("PF");
  Monitor moved = redis();
  moved.target = *Target::parse("127.0.0.1:6380");
  Monitor slower = moved;
  slower.timeout = 20s;
  Incident incident = note_change(fold_all(story.events()), redis(), moved, kStart + 70s);
  incident = note_change(std::move(incident), moved, slower, kStart + 80s);
  EXPECT_TRUE(lines(incident).ends_with(
      "70 config_changed: The target changed from 127.0.0.1:6379 to 127.0.0.1:6380.\n"
      "  80 config_changed: The configuration of the monitor changed.\n"))
      << lines(incident);
}

}  // namespace
}  // namespace tocsin
