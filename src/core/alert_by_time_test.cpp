#include <gtest/gtest.h>

#include "core/alert_story.h"

namespace tocsin {
namespace {

using namespace tocsin::story;

constexpr Duration kDay = 24h;  // an interval so long that nothing becomes unknown meanwhile

AlertPolicy reminding(uint32_t count = 3) {
  AlertPolicy policy;
  policy.reminder_every = 10min;
  policy.reminder_count = count;
  return policy;
}

AlertPolicy escalating() {
  AlertPolicy policy;
  policy.escalate = {{.after = 30min, .channels = {"director"}},
                     {.after = 15min, .channels = {"boss", "sms"}}};
  return policy;
}

TEST(AlertReminders, ComeInTimeAndEndAtTheirCount) {
  AlertStory story(reminding(), kDay);
  story.play("F");
  EXPECT_EQ(story.wait(10min - 1us), "");
  EXPECT_EQ(story.wait(1us), "2 reminder");
  EXPECT_EQ(story.last_event().reason,
            "Still down after 10 min. Nothing is listening on this port. Reminder 1 of 3.");
  EXPECT_EQ(story.wait(20min), "3 reminder, 4 reminder");
  EXPECT_EQ(story.wait(10h), "");
}

TEST(AlertReminders, NoneWithoutACount) {
  AlertStory story(reminding(0), kDay);
  story.play("F");
  EXPECT_EQ(story.wait(10h), "");
}

TEST(AlertReminders, AcknowledgeStopsThem) {
  AlertStory story(reminding(), kDay);
  story.play("F");
  story.wait(10min);
  story.acknowledge();
  EXPECT_EQ(story.wait(10h), "");
}

// What was acknowledged was the smaller trouble. The reminders missed meanwhile are not made up for
// one by one.
TEST(AlertReminders, GoOnWhenTheSeverityRises) {
  AlertPolicy policy = reminding();
  policy.degraded = true;
  AlertStory story(policy, 1h);
  story.play("D");
  story.acknowledge();
  EXPECT_EQ(story.play("F"), "2 down");
  EXPECT_EQ(story.wait(1s), "3 reminder");
  EXPECT_EQ(story.last_event().reason,
            "Still down after 1 h. Nothing is listening on this port. Reminder 3 of 3.");
}

TEST(AlertReminders, PauseWhileTheStatusIsUnknown) {
  AlertStory story(reminding(9));
  EXPECT_EQ(story.play("PF"), "1 down");
  EXPECT_EQ(story.wait(25min), "") << "unknown after three minutes";
  ASSERT_EQ(story.status().kind, StatusKind::unknown);
  EXPECT_EQ(story.play("F"), "");
  EXPECT_EQ(story.wait(1us), "2 reminder") << "one for the two that were due";
}

TEST(AlertReminders, StopWhilePaused) {
  AlertStory story(reminding(), kDay);
  story.play("F");
  story.take(pause(story.status(), story.now()));
  EXPECT_EQ(story.wait(10h), "");
}

// product.md: "a step in maintenance or mute is skipped with its reason".
TEST(AlertReminders, AreSkippedWithTheirReasonInMaintenance) {
  AlertStory story(reminding(), kDay);
  story.play("F");
  story.silence.maintenance = "night";
  EXPECT_EQ(story.wait(10min), "2 reminder (maintenance \"night\")");
  story.silence = {};
  EXPECT_EQ(story.wait(10min), "3 reminder");
}

// Held back from the beginning: the late notice is enough, a reminder beside it would be the same
// message twice.
TEST(AlertReminders, DoNotAccompanyALateNotice) {
  AlertStory story(reminding(), kDay);
  story.silence.maintenance = "night";
  story.play("F");
  EXPECT_EQ(story.wait(9min), "");
  story.silence = {};
  EXPECT_EQ(story.wait(1min), "2 down");
  EXPECT_EQ(story.wait(10min), "3 reminder");
}

TEST(AlertReminders, WaitWhileAFailingParentHoldsTheNotice) {
  AlertStory story(reminding(), kDay);
  story.silence.failing_parent = "router";
  story.play("F");
  EXPECT_EQ(story.wait(1h), "");
}

TEST(AlertEscalation, StepsComeInOrderOfTheirDelaysToTheirOwnChannels) {
  AlertStory story(escalating(), kDay);
  story.play("F");
  EXPECT_EQ(story.wait(15min), "2 escalated");
  EXPECT_EQ(story.last_event().channels, (std::vector<std::string>{"boss", "sms"}));
  EXPECT_EQ(story.last_event().reason,
            "Nobody has acknowledged. Still down after 15 min. Nothing is listening on this port.");
  EXPECT_EQ(story.wait(15min), "3 escalated");
  EXPECT_EQ(story.last_event().channels, std::vector<std::string>{"director"});
  EXPECT_EQ(story.wait(10h), "");
}

TEST(AlertEscalation, AcknowledgeStopsIt) {
  AlertStory story(escalating(), kDay);
  story.play("F");
  story.acknowledge();
  EXPECT_EQ(story.wait(10h), "");
}

TEST(AlertEscalation, AStepInMuteIsSkippedAndDoesNotComeLater) {
  AlertStory story(escalating(), kDay);
  story.play("F");
  story.silence.muted = true;
  EXPECT_EQ(story.wait(15min), "2 escalated (muted)");
  story.silence = {};
  EXPECT_EQ(story.wait(15min), "3 escalated");
  EXPECT_EQ(story.last_event().channels, std::vector<std::string>{"director"});
}

TEST(AlertEscalation, DelaysCountFromTheOpening) {
  AlertPolicy policy = escalating();
  policy.after_runs = 3;
  AlertStory story(policy, 10min);
  story.play("FFF");  // began at 10:00, opened at 10:20
  EXPECT_EQ(story.wait(9min), "");
  EXPECT_EQ(story.play("F"), "");
  EXPECT_EQ(story.wait(5min), "2 escalated");
}

}  // namespace
}  // namespace tocsin
