#include <gtest/gtest.h>

#include "core/alert_story.h"

namespace tocsin {
namespace {

using namespace tocsin::story;

// Every change told would be five messages in ten minutes; the fifth says what is going on instead.
TEST(AlertFlapping, TheFifthChangeInTenMinutesIsToldAsFlapping) {
  AlertStory story({}, 2min);
  EXPECT_EQ(story.play("FPFP"), "1 down, 2 recovered, 1 down, 2 recovered");
  EXPECT_EQ(story.play("F"), "1 down (flapping), 2 flapping");
  EXPECT_EQ(story.last_event().reason,
            "Changes too often: 5 changes in the last 15 min. Single changes are not told until it "
            "is steady for 15 min.");
}

TEST(AlertFlapping, FiveChangesInMoreThanTenMinutesAreTold) {
  AlertStory story({}, 151s);  // the fifth comes 604 s after the first
  EXPECT_EQ(story.play("FPFPF"), "1 down, 2 recovered, 1 down, 2 recovered, 1 down");
}

// One incident holds the whole story, so keyed channels see one alert that stays open.
TEST(AlertFlapping, ChangesAreSuppressedWithinOneIncident) {
  AlertStory story({}, 2min);
  story.play("FPFPF");
  EXPECT_EQ(story.play("PFP"), "3 recovered (flapping), 4 down (flapping), 5 recovered (flapping)");
  EXPECT_EQ(story.state().incident.value, "incident-3");
  EXPECT_EQ(story.incidents(), 3);
}

// When flapping begins with a recovery, the incident that is open then is the one that stays.
TEST(AlertFlapping, MayBeginWithARecovery) {
  AlertStory story({}, 2min);
  story.play("FPF");
  story.forget_alert();
  story.play("F");
  EXPECT_EQ(story.play("PFPF"), "2 recovered, 1 down, 2 recovered, 1 down (flapping), 2 flapping");
}

TEST(AlertFlapping, OneMessagePerQuarterOfAnHour) {
  AlertStory story({}, 2min);
  story.play("FPFPF");  // told at 10:08
  std::string told;
  for (int i = 0; i < 15; ++i) {
    told = story.play(i % 2 == 0 ? "P" : "F");
  }
  int messages = 0;
  for (const AlertEvent& event : story.events()) {
    messages += event.type == EventType::flapping && event.suppressed.empty() ? 1 : 0;
  }
  EXPECT_EQ(messages, 3) << "10:08, 10:23 and 10:38";
}

// The end tells the present state. Up: a recovery, so that pagers resolve.
TEST(AlertFlapping, EndsUpWithARecovery) {
  AlertStory story({}, 2min);
  story.play("FPFPFP");  // last change at 10:10
  EXPECT_EQ(story.play("PPPPPPP"), "") << "10:24, still flapping";
  EXPECT_EQ(story.wait(1min), "4 recovered");
  EXPECT_EQ(story.last_event().number, 4U);
  EXPECT_TRUE(story.state().incident.value.empty());
  EXPECT_FALSE(story.state().flapping_since);
}

TEST(AlertFlapping, EndsDownWithTheFailure) {
  AlertStory story({}, 2min);
  story.play("FPFPF");
  EXPECT_EQ(story.play("FFFFFFF"), "");
  EXPECT_EQ(story.wait(1min), "3 down");
  EXPECT_EQ(
      story.last_event().reason,
      "Steady for 15 min, and it is down. Nothing is listening on this port. Failed 8 times in a "
      "row.");
  EXPECT_EQ(story.play("P"), "4 recovered") << "and then it is told as usual";
}

TEST(AlertFlapping, HoldsRemindersAndEscalation) {
  AlertPolicy policy;
  policy.reminder_every = 1min;
  policy.reminder_count = 99;
  policy.escalate = {{.after = 3min, .channels = {"boss"}}};
  AlertStory story(policy, 2min);
  story.play("FPFPF");
  EXPECT_EQ(story.play("FFFFFFF"), "");
  EXPECT_EQ(story.wait(1min), "3 down");
  EXPECT_EQ(story.wait(1s), "4 escalated, 5 reminder");
}

TEST(AlertFlapping, InMaintenanceItIsSilentAndTheEndIsTold) {
  AlertStory story({}, 2min);
  story.silence.maintenance = "night";
  story.play("FPFPF");
  EXPECT_EQ(story.last_event().suppressed, "maintenance \"night\"");
  story.silence = {};
  EXPECT_EQ(story.play("FFFFFFFF"), "3 down");
}

// We cannot say that it is steady while we do not know how it is.
TEST(AlertFlapping, DoesNotEndWhileUnknown) {
  AlertStory story({}, 2min);
  story.play("FPFPF");
  EXPECT_EQ(story.wait(1h), "");
  ASSERT_EQ(story.status().kind, StatusKind::unknown);
  EXPECT_EQ(story.play("P"), "3 recovered (flapping)");
}

}  // namespace
}  // namespace tocsin
