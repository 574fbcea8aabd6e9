// The confirmation machine. The kind that counts is `known`: up, degraded and down are only left by
// enough evidence; unknown and paused hide it for a while and never change it.
//
// Streaks are kept apart. A failed outcome adds to bad_streak and to degraded_streak, a degraded
// one to degraded_streak alone (and ends bad_streak), a passed one ends both. degraded_streak at
// after_runs makes degraded, bad_streak at after_runs makes down. While down, an outcome that is
// not failed counts towards recovery, and the newest of them says to what: up or degraded.
//
// Worked example, after_runs 3, recover_after_runs 2 (F failed, D degraded, P passed, ? unknown):
//
//   F ? F      up, confirming (2 of 3; the unknown neither added nor reset)
//   F          down, the incident began at the first F
//   P          down, recovering (1 of 2)
//   D          degraded: two outcomes were not failed, the newest is degraded
//   P P        recovering, then up
//
// The same with `strict`: F and D share bad_streak, so F D F reaches 3 and is down; and an F
// straight after a D is down at once.
//
// Chosen where product.md is silent:
//
// - With after_minutes set, after_runs 1 (its default) does not confirm by itself: whoever wrote
//   "5 minutes" does not want the first failure told. With after_runs above 1 whichever comes first
//   confirms.
// - The clock of after_minutes counts failed outcomes, also with `strict`, which speaks of the
//   streak. Degraded is then confirmed by outcomes that were not passed for as long, seen at an
//   outcome.
// - An outcome that arrives while paused changes nothing but its slot: a person's pause wins over a
//   probe still in flight.
#include "core/advance.h"

#include <algorithm>
#include <utility>

#include "core/status_change.h"

namespace tocsin {
namespace {

bool is_newer(const Outcome& outcome, const Status& status) {
  return std::pair(outcome.clock_epoch, outcome.slot) > std::pair(status.clock_epoch, status.slot);
}

bool is_bad(StatusKind kind) { return kind == StatusKind::down || kind == StatusKind::degraded; }

bool runs_confirm(const AlertPolicy& policy, uint32_t streak) {
  const bool by_time_alone = policy.after_minutes && policy.after_runs <= 1;
  return !by_time_alone && streak >= std::max(policy.after_runs, 1U);
}

bool down_is_confirmed(const Status& status, const AlertPolicy& policy, SystemTime slot) {
  const std::optional<SystemTime> end = clock_end(status, policy);
  return runs_confirm(policy, status.bad_streak) || (end && slot >= *end);
}

bool degraded_is_confirmed(const Status& status, const AlertPolicy& policy, SystemTime slot) {
  const bool by_time = policy.after_minutes && status.first_degraded_slot &&
                       slot >= *status.first_degraded_slot + *policy.after_minutes;
  return by_time ||
         runs_confirm(policy, policy.strict ? status.bad_streak : status.degraded_streak);
}

// The wall clock was set back: times of the old epoch may lie in the future and would stop every
// clock here.
void follow_clock(Status& status, SystemTime slot) {
  for (auto* time : {&status.first_bad_slot, &status.first_degraded_slot, &status.last_known}) {
    if (*time) {
      *time = std::min(**time, slot);
    }
  }
}

void count(Status& status, const AlertPolicy& policy, Verdict verdict) {
  const bool failed = verdict == Verdict::failed;
  const bool degraded = verdict == Verdict::degraded;
  status.bad_streak = failed || (policy.strict && degraded) ? status.bad_streak + 1 : 0;
  status.degraded_streak = degraded || (failed && !policy.strict) ? status.degraded_streak + 1 : 0;
  const bool good = verdict == Verdict::passed || (degraded && status.known == StatusKind::down);
  status.good_streak = good && is_bad(status.known) ? status.good_streak + 1 : 0;
}

// When it became bad. A confirmed kind keeps its start through a recovery that does not hold.
void keep_starts(Status& status, Verdict verdict, SystemTime slot) {
  if (verdict == Verdict::failed) {
    status.first_bad_slot = status.first_bad_slot.value_or(slot);
  } else if (status.known != StatusKind::down) {
    status.first_bad_slot.reset();
  }
  if (verdict != Verdict::passed) {
    status.first_degraded_slot = status.first_degraded_slot.value_or(slot);
    return;
  }
  if (!is_bad(status.known)) {
    status.first_degraded_slot.reset();
    status.error.reset();
  }
}

StatusKind kind_after_failed(const Status& status, const AlertPolicy& policy, bool after_degraded,
                             SystemTime slot) {
  if (status.known == StatusKind::down || down_is_confirmed(status, policy, slot)) {
    return StatusKind::down;
  }
  if (policy.strict && (after_degraded || status.known == StatusKind::degraded)) {
    return StatusKind::down;
  }
  // Mixed outcomes that are not enough for down are enough for degraded. Failures alone get to down
  // first: "slow" would be the wrong word for a closed port.
  return degraded_is_confirmed(status, policy, slot) ? StatusKind::degraded : status.known;
}

// The kind that the evidence asks for, this outcome already counted. `after_degraded`: the known
// outcome before it was degraded.
StatusKind wanted_kind(const Status& status, const AlertPolicy& policy, Verdict verdict,
                       bool after_degraded, SystemTime slot) {
  if (verdict == Verdict::failed) {
    return kind_after_failed(status, policy, after_degraded, slot);
  }
  const bool recovered = status.good_streak >= std::max(policy.recover_after_runs, 1U);
  if (verdict == Verdict::passed) {
    return status.known == StatusKind::pending || recovered ? StatusKind::up : status.known;
  }
  if (status.known == StatusKind::down) {
    return recovered ? StatusKind::degraded : StatusKind::down;
  }
  return degraded_is_confirmed(status, policy, slot) ? StatusKind::degraded : status.known;
}

}  // namespace

StatusStep advance(const Status& before, const AlertPolicy& policy, const Outcome& outcome) {
  StatusStep step{.after = before,
                  .transition = {.from = before.kind, .to = before.kind, .at = outcome.slot}};
  if (!is_newer(outcome, before)) {
    return step;
  }
  Status& after = step.after;
  if (outcome.clock_epoch != before.clock_epoch) {
    follow_clock(after, outcome.slot);
  }
  after.clock_epoch = outcome.clock_epoch;
  after.slot = outcome.slot;
  if (before.kind == StatusKind::paused || outcome.verdict == Verdict::unknown) {
    return step;
  }
  after.last_known = outcome.slot;
  after.run_asked = false;
  count(after, policy, outcome.verdict);
  keep_starts(after, outcome.verdict, outcome.slot);
  if (outcome.verdict != Verdict::passed) {
    after.error = outcome.error;
  }
  const bool after_degraded = policy.strict && before.degraded_streak > 0;
  const StatusKind kind = wanted_kind(after, policy, outcome.verdict, after_degraded, outcome.slot);
  step.transition = change_kind(after, before, kind, policy, outcome.slot);
  after.confirming = (outcome.verdict == Verdict::failed && kind != StatusKind::down) ||
                     (outcome.verdict == Verdict::degraded && !is_bad(kind));
  after.recovering = after.good_streak > 0;
  if (step.transition.change == Change::none && (after.confirming || after.recovering)) {
    step.transition.change = Change::pending;
  }
  return step;
}

}  // namespace tocsin
