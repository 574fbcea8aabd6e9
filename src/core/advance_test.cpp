#include <gtest/gtest.h>

#include <vector>

#include "core/story.h"

namespace tocsin {
namespace {

using namespace tocsin::story;
using enum StatusKind;

AlertPolicy policy(uint32_t after, uint32_t recover, bool strict = false, bool degraded = false) {
  return {
      .after_runs = after, .recover_after_runs = recover, .degraded = degraded, .strict = strict};
}

struct Row {
  const char* story;
  AlertPolicy policy;
  const char* outcomes;
  StatusKind kind;
  Change change;  // of the last outcome
};

TEST(Advance, StoriesTable) {
  const std::vector<Row> rows = {
      {"the first good outcome is believed at once", policy(3, 3), "P", up, Change::changed},
      {"the first bad one needs confirmation like any other", policy(2, 1), "F", pending,
       Change::pending},
      {"and then is down, without ever having been up", policy(2, 1), "FF", down, Change::changed},
      {"one failure is enough by default", policy(1, 1), "PF", down, Change::changed},
      {"one failure is noise with after_runs 2", policy(2, 1), "PF", up, Change::pending},
      {"the second in a row turns down", policy(2, 1), "PFF", down, Change::changed},
      {"a good one between starts the count anew", policy(2, 1), "PFPF", up, Change::pending},
      {"an unknown one between does not", policy(2, 1), "PF?F", down, Change::changed},
      {"nor does an unknown one add", policy(2, 1), "PF???", up, Change::none},
      {"recovery waits for its own count", policy(1, 2), "PFP", down, Change::pending},
      {"and is reset by a failure", policy(1, 2), "PFPFP", down, Change::pending},
      {"and then is up", policy(1, 2), "PFP?P", up, Change::changed},
      {"degraded needs as many outcomes as down", policy(2, 1), "PD", up, Change::pending},
      {"degraded in a row", policy(2, 1), "PDD", degraded, Change::changed},
      {"mixed bad outcomes are degraded first", policy(2, 1), "PDF", degraded, Change::changed},
      {"streaks are kept apart: D F D F never makes down", policy(2, 1), "PDFDFDF", degraded,
       Change::pending},
      {"with `strict` they share the streak", policy(3, 1, true), "PFDF", down, Change::changed},
      {"with `strict` an F straight after a D is down, even below N", policy(3, 1, true), "PDF",
       down, Change::changed},
      {"but not an F after a good one", policy(3, 1, true), "PDPF", up, Change::pending},
      {"with `strict` D after D waits for N like any other", policy(3, 1, true), "PDD", up,
       Change::pending},
      {"down is left for degraded as soon as outcomes stop failing", policy(1, 1), "PFD", degraded,
       Change::changed},
      {"the newest outcome says to what it recovers", policy(1, 2), "PFDP", up, Change::changed},
      {"or so", policy(1, 2), "PFPD", degraded, Change::changed},
      {"from degraded, up needs its own good ones", policy(1, 2), "PFPDP", degraded,
       Change::pending},
      {"degraded turns down with enough failures", policy(2, 1), "PDDFF", down, Change::changed},
      {"failures alone are never shown as merely slow", policy(3, 1), "PFF", up, Change::pending},
  };
  for (const Row& row : rows) {
    StatusStory story(row.policy);
    const StatusStep step = story.play(row.outcomes);
    EXPECT_EQ(status_name(story.status().kind), status_name(row.kind)) << row.story;
    EXPECT_EQ(step.transition.change, row.change) << row.story;
    EXPECT_EQ(step.transition.to, row.kind) << row.story;
  }
}

// Checkly's nine transitions (degraded told, N = 1 and, in the second column, N = 3): what `strict`
// has to do.
TEST(Advance, StrictFollowsChecklysTable) {
  struct Transitions {
    const char* story;
    const char* outcomes;
    StatusKind at_once;     // N = 1
    StatusKind threshold3;  // N = 3
  };
  const std::vector<Transitions> rows = {
      {"P -> P: no alert", "PP", up, up},
      {"P -> D: at threshold 1 at once, else wait", "PD", degraded, up},
      {"P -> F: the same", "PF", down, up},
      {"D -> D: when the threshold is reached", "PDDD", degraded, degraded},
      {"D -> D: not before", "PDD", degraded, up},
      {"D -> P: recovery", "PDDDP", up, up},
      {"D -> F: at once, ignores the threshold", "PDF", down, down},
      {"F -> F: when the threshold is reached", "PFFF", down, down},
      {"F -> F: not before", "PFF", down, up},
      {"F -> D: leaves down at once", "PFFFD", degraded, degraded},
      {"F -> P: at once", "PFFFP", up, up},
  };
  for (const Transitions& row : rows) {
    for (const uint32_t threshold : {1U, 3U}) {
      StatusStory story(policy(threshold, 1, true, true));
      story.play(row.outcomes);
      EXPECT_EQ(status_name(story.status().kind),
                status_name(threshold == 1 ? row.at_once : row.threshold3))
          << row.story << ", N = " << threshold;
    }
  }
}

// The flags are what the alerts rest on.
TEST(Advance, FlagsOfADegradedIncident) {
  StatusStory story(policy(1, 1, false, true));
  EXPECT_TRUE(story.play("PD").transition.confirmed_bad);
  const Transition rose = story.play("F").transition;
  EXPECT_TRUE(rose.confirmed_bad);
  EXPECT_TRUE(rose.severity_rose);
  EXPECT_FALSE(story.play("D").transition.recovered) << "still a degraded incident";
  EXPECT_TRUE(story.play("P").transition.recovered);
}

TEST(Advance, WithoutDegradedIncidentsDownToDegradedIsRecovery) {
  StatusStory story(policy(1, 1));
  EXPECT_FALSE(story.play("PD").transition.confirmed_bad);
  EXPECT_TRUE(story.play("F").transition.confirmed_bad);
  EXPECT_TRUE(story.play("D").transition.recovered);
}

// An incident begins at its first failure, not when it is confirmed, and a recovery that does not
// hold does not move it.
TEST(Advance, TheStartIsTheFirstFailure) {
  StatusStory story(policy(3, 2));
  const Transition confirmed = story.play("PF?FF").transition;
  EXPECT_TRUE(confirmed.confirmed_bad);
  EXPECT_EQ(confirmed.first_bad_slot, kStart + 60s);
  EXPECT_EQ(confirmed.at, kStart + 4 * 60s);
  EXPECT_EQ(confirmed.error, refused());
  const Transition recovered = story.play("PFPP").transition;
  EXPECT_TRUE(recovered.recovered);
  EXPECT_EQ(recovered.first_bad_slot, kStart + 60s);
  EXPECT_FALSE(story.status().first_bad_slot);
  EXPECT_FALSE(story.status().error) << "nothing is wrong any more";
}

// A late or repeated agent result must not count twice.
TEST(Advance, AnOutcomeThatIsNotNewerChangesNothing) {
  const AlertPolicy two = policy(2, 1);
  StatusStory story(two);
  story.play("PF");
  const Status before = story.status();
  for (const SystemTime slot : {kStart + 60s, kStart}) {
    const StatusStep step = advance(before, two, outcome_at('F', slot));
    EXPECT_EQ(step.after, before);
    EXPECT_EQ(step.transition.change, Change::none);
  }
}

// When the wall clock is set back its epoch grows: smaller slots are newer then.
TEST(Advance, ANewClockEpochIsNewerWhateverItsSlot) {
  AlertPolicy timed = policy(1, 1);
  timed.after_minutes = 5min;
  const Status before = advance({}, timed, outcome_at('F', kStart)).after;
  const StatusStep step = advance(before, timed, outcome_at('F', kStart - 1h, 1));
  EXPECT_EQ(step.after.bad_streak, 2U);
  EXPECT_EQ(step.after.first_bad_slot, kStart - 1h) << "else the clock would stand for an hour";
}

// A pause is a person's word; a probe still in flight does not end it.
TEST(Advance, AnOutcomeWhilePausedOnlyMovesTheSlot) {
  StatusStory story(policy(1, 1));
  story.play("P");
  story.take(pause(story.status(), kStart + 70s));
  const StatusStep step = story.play("F");
  EXPECT_EQ(step.after.kind, paused);
  EXPECT_EQ(step.transition.change, Change::none);
  EXPECT_EQ(step.after.slot, kStart + 60s);
}

// A healthy monitor starts anew after a pause; one that was down is remembered, so that its
// incident can close.
TEST(Advance, ResumeIsPendingAndRemembersADownMonitor) {
  StatusStory healthy(policy(2, 1));
  healthy.play("PF");
  healthy.take(pause(healthy.status(), kStart + 100s));
  EXPECT_EQ(healthy.take(resume(healthy.status(), kStart + 110s)).transition.to, pending);
  EXPECT_EQ(healthy.play("F").after.kind, pending) << "the failure before the pause does not count";

  StatusStory broken(policy(1, 1));
  broken.play("PF");
  broken.take(pause(broken.status(), kStart + 100s));
  broken.take(resume(broken.status(), kStart + 110s));
  const Transition transition = broken.play("P").transition;
  EXPECT_EQ(transition.from, pending);
  EXPECT_EQ(transition.to, up);
  EXPECT_TRUE(transition.recovered);
}

TEST(Advance, PauseAndResumeTwiceAreOnce) {
  StatusStory story(policy(1, 1));
  story.play("P");
  story.take(pause(story.status(), kStart + 70s));
  EXPECT_EQ(pause(story.status(), kStart + 80s).transition.change, Change::none);
  story.take(resume(story.status(), kStart + 90s));
  EXPECT_EQ(resume(story.status(), kStart + 100s).transition.change, Change::none);
}

}  // namespace
}  // namespace tocsin
