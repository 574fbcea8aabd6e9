#include <gtest/gtest.h>

#include "core/story.h"

namespace tocsin {
namespace {

using namespace tocsin::story;
using enum StatusKind;

AlertPolicy after(Duration time) {
  AlertPolicy policy;
  policy.after_minutes = time;
  return policy;
}

// Whoever wrote "5 minutes" does not want the first failure told, though after_runs is 1 by
// default.
TEST(AdvanceByTime, AfterMinutesAloneWaitsForTheClock) {
  StatusStory story(after(5min));
  EXPECT_EQ(story.play("PF").after.kind, up);
  EXPECT_TRUE(story.status().confirming);
  EXPECT_EQ(story.play("FFFF").after.kind, up) << "10:05, four minutes after the first failure";
  EXPECT_EQ(story.play("F").after.kind, down) << "10:06, five minutes after it";
}

TEST(AdvanceByTime, WithAfterRunsWhicheverComesFirst) {
  AlertPolicy policy = after(5min);
  policy.after_runs = 2;
  StatusStory story(policy);
  EXPECT_EQ(story.play("PFF").after.kind, down);
}

// "Cleared by the first that is not failed": a degraded outcome too.
TEST(AdvanceByTime, TheClockIsClearedByTheFirstOutcomeThatIsNotFailed) {
  for (const char* outcomes : {"PFFFFPFFF", "PFFFFDFFF"}) {
    StatusStory story(after(5min));
    EXPECT_NE(story.play(outcomes).after.kind, down) << outcomes;
  }
}

TEST(AdvanceByTime, UnknownDoesNotStopTheClock) {
  StatusStory story(after(5min));
  EXPECT_EQ(story.play("PF????F").after.kind, down);
}

// The clock ends between two slots and the newest failure is fresh: nothing more is needed.
TEST(AdvanceByTime, FreshEvidenceConfirmsWhenTheClockEnds) {
  StatusStory story(after(80s));
  story.play("PFF");  // failures at 10:01 and 10:02
  EXPECT_EQ(story.next_time(), kStart + 60s + 80s);
  EXPECT_EQ(story.at_time(kStart + 139s).transition.change, Change::none) << "not yet";
  const StatusStep step = story.at_time(kStart + 140s);
  EXPECT_EQ(step.after.kind, down);
  EXPECT_TRUE(step.transition.confirmed_bad);
  EXPECT_EQ(step.transition.first_bad_slot, kStart + 60s);
  EXPECT_EQ(step.after.since, kStart + 140s);
}

// Exactly 30 s old is not "older than 30 s".
TEST(AdvanceByTime, ThirtySecondsIsStillFresh) {
  StatusStory story(after(90s));
  story.play("PFF");
  EXPECT_EQ(story.at_time(kStart + 150s).after.kind, down);
}

// Older evidence asks for one extra run, which decides; asking again and again would be a loop of
// runs.
TEST(AdvanceByTime, StaleEvidenceAsksForOneRun) {
  StatusStory story(after(110s));
  story.play("PFF");
  const StatusStep asked = story.at_time(kStart + 170s);
  EXPECT_TRUE(asked.transition.run_now);
  EXPECT_EQ(asked.after.kind, up);
  EXPECT_FALSE(story.at_time(kStart + 171s).transition.run_now);
  EXPECT_GT(*story.next_time(), kStart + 171s) << "else the engine would spin";

  const Status waiting = story.status();
  const AlertPolicy policy = after(110s);
  EXPECT_EQ(advance(waiting, policy, outcome_at('F', kStart + 172s)).after.kind, down);
  EXPECT_EQ(advance(waiting, policy, outcome_at('P', kStart + 172s)).after.kind, up);
  const Status still = advance(waiting, policy, outcome_at('?', kStart + 172s)).after;
  EXPECT_EQ(still.kind, up) << "nothing is known, nothing is claimed";
  EXPECT_EQ(advance(still, policy, outcome_at('F', kStart + 180s)).after.kind, down);
}

// After a recovery to degraded the clock of the outage before must not turn it down again.
TEST(AdvanceByTime, RecoveryToDegradedStopsTheClock) {
  StatusStory story(after(3min));
  ASSERT_EQ(story.play("FFFF").after.kind, down);
  ASSERT_EQ(story.play("D").after.kind, degraded);
  EXPECT_EQ(story.at_time(kStart + 4min + 10s).after.kind, degraded);
  EXPECT_EQ(story.play("F").after.kind, degraded) << "one minute of three";
}

TEST(AdvanceByTime, UnknownAfterThreeIntervalsWithoutAKnownOutcome) {
  StatusStory story({});
  story.play("P??");
  EXPECT_EQ(story.next_time(), kStart + 180s);
  EXPECT_EQ(story.at_time(kStart + 179s).transition.change, Change::none);
  const StatusStep step = story.at_time(kStart + 180s);
  EXPECT_EQ(step.after.kind, unknown);
  EXPECT_EQ(step.after.known, up);
  EXPECT_FALSE(story.next_time()) << "nothing changes by time any more";
}

TEST(AdvanceByTime, UnknownAfterSixtySecondsAtLeast) {
  const Status status = advance({}, {}, outcome_at('P', kStart)).after;
  EXPECT_EQ(next_by_time(status, {}, 1s), kStart + 60s);
  EXPECT_EQ(advance_by_time(status, {}, 1s, kStart + 59s).after.kind, up);
  EXPECT_EQ(advance_by_time(status, {}, 1s, kStart + 60s).after.kind, unknown);
}

// What was known goes on where it stood: an open incident is neither closed nor told again.
TEST(AdvanceByTime, AKnownOutcomeContinuesFromWhatWasKnown) {
  AlertPolicy policy{.after_runs = 2, .recover_after_runs = 2};
  StatusStory story(policy);
  story.play("PFF???");
  story.at_time(kStart + 5 * 60s);
  ASSERT_EQ(story.status().kind, unknown);
  const StatusStep good = story.play("P");
  EXPECT_EQ(good.after.kind, down) << "one of two good outcomes";
  EXPECT_TRUE(good.after.recovering);
  EXPECT_EQ(good.transition.from, unknown);
  EXPECT_FALSE(good.transition.confirmed_bad) << "it was confirmed before";
  EXPECT_EQ(story.play("P").after.kind, up);
}

TEST(AdvanceByTime, AMonitorThatNeverAnsweredBecomesUnknownToo) {
  Status fresh{.since = kStart};
  EXPECT_EQ(advance_by_time(fresh, {}, kInterval, kStart + 180s).after.kind, unknown);
  EXPECT_FALSE(next_by_time(Status{}, {}, kInterval)) << "its clock has not begun";
}

TEST(AdvanceByTime, PausedStaysPaused) {
  StatusStory story(after(5min));
  story.play("PF");
  story.take(pause(story.status(), kStart + 90s));
  EXPECT_FALSE(story.next_time());
  EXPECT_EQ(story.at_time(kStart + 24h).after.kind, paused);
}

// next_by_time is the engine's alarm clock: at that moment something happens, and never before.
TEST(AdvanceByTime, TheAlarmIsExact) {
  for (const Duration limit : {70s, 100s, 200s, 400s}) {
    for (const char* outcomes : {"F", "PF", "PFF", "PF?", "PF??", "P?", "PD", "PFFF?"}) {
      StatusStory story(after(limit));
      story.play(outcomes);
      for (int alarms = 0; alarms < 4; ++alarms) {
        const std::optional<SystemTime> alarm = story.next_time();
        if (!alarm) {
          break;
        }
        const Status before = story.status();
        EXPECT_EQ(advance_by_time(before, after(limit), kInterval, *alarm - 1us).after, before);
        EXPECT_NE(story.at_time(*alarm).after, before) << outcomes << ": an alarm for nothing";
        EXPECT_LT(alarms, 3) << "alarms must end without outcomes";
      }
    }
  }
}

}  // namespace
}  // namespace tocsin
