// What time and people change in a status without an outcome.
//
// Worked example: interval 60 s, after_minutes 5 min, the last known outcome failed at 10:00:00 and
// every slot since then unknown (our own network was away).
//
//   10:00:00  first failed outcome: the clock starts
//   10:03:00  three intervals without a known outcome: unknown; the clock goes on
//   10:05:00  the clock ends, the newest known outcome is older than 30 s: run_now, once
//   10:05:01  that run failed: down (core/advance.cpp); had it passed, the clock would be cleared
//   10:05:01  had it been unknown, nothing would be claimed: the next known outcome decides
#include <algorithm>

#include "core/advance.h"
#include "core/status_change.h"

namespace tocsin {
namespace {

constexpr Duration kFreshEvidence = 30s;  // product.md, `after_minutes`
constexpr Duration kUnknownMin = 60s;     // product.md, "Status"
constexpr int64_t kUnknownIntervals = 3;

// When status becomes unknown; nothing when it cannot: paused, unknown already, or never begun.
std::optional<SystemTime> unknown_at(const Status& status, Duration interval) {
  if (status.kind == StatusKind::paused || status.kind == StatusKind::unknown) {
    return std::nullopt;
  }
  // Nothing known yet: counted from the moment the monitor was made or resumed.
  const SystemTime from = status.last_known.value_or(status.since);
  if (from == SystemTime{}) {
    return std::nullopt;
  }
  return from + std::max(kUnknownIntervals * interval, kUnknownMin);
}

std::optional<SystemTime> decision_due(const Status& status, const AlertPolicy& policy) {
  if (status.run_asked || status.kind == StatusKind::paused) {
    return std::nullopt;
  }
  return clock_end(status, policy);
}

}  // namespace

StatusStep advance_by_time(const Status& before, const AlertPolicy& policy, Duration interval,
                           SystemTime now) {
  StatusStep step{.after = before,
                  .transition = {.from = before.kind, .to = before.kind, .at = now}};
  const std::optional<SystemTime> decision = decision_due(before, policy);
  if (decision && now >= *decision) {
    if (before.last_known && now - *before.last_known <= kFreshEvidence) {
      step.transition = change_kind(step.after, before, StatusKind::down, policy, now);
      step.after.confirming = false;
      step.after.recovering = false;
      return step;
    }
    // Asked once: next_by_time then is silent, so a run that cannot say anything does not become a
    // loop of runs.
    step.after.run_asked = true;
    step.transition.run_now = true;
    step.transition.change = Change::pending;
  }
  const std::optional<SystemTime> unknown = unknown_at(before, interval);
  if (unknown && now >= *unknown) {
    step.after.kind = StatusKind::unknown;
    step.after.since = now;
    step.transition.to = StatusKind::unknown;
    step.transition.change = Change::changed;
  }
  return step;
}

std::optional<SystemTime> next_by_time(const Status& status, const AlertPolicy& policy,
                                       Duration interval) {
  const std::optional<SystemTime> decision = decision_due(status, policy);
  const std::optional<SystemTime> unknown = unknown_at(status, interval);
  if (decision && unknown) {
    return std::min(*decision, *unknown);
  }
  return decision ? decision : unknown;
}

StatusStep pause(const Status& before, SystemTime now) {
  StatusStep step{.after = before,
                  .transition = {.from = before.kind, .to = StatusKind::paused, .at = now}};
  if (before.kind == StatusKind::paused) {
    return step;
  }
  step.transition.change = Change::changed;
  Status& after = step.after;
  after.kind = StatusKind::paused;
  after.since = now;
  // Evidence from before a pause of any length says nothing about what comes after it.
  after.bad_streak = after.degraded_streak = after.good_streak = 0;
  after.confirming = after.recovering = after.run_asked = false;
  after.last_known.reset();
  if (after.known != StatusKind::down) {
    after.first_bad_slot.reset();
  }
  if (after.known != StatusKind::down && after.known != StatusKind::degraded) {
    after.first_degraded_slot.reset();
    after.error.reset();
  }
  return step;
}

// Resumed as pending: nothing is known until the first outcome. What was down or degraded is
// remembered behind it, so that its open incident closes by recovery and is not told twice.
StatusStep resume(const Status& before, SystemTime now) {
  StatusStep step{.after = before,
                  .transition = {.from = before.kind, .to = before.kind, .at = now}};
  if (before.kind != StatusKind::paused) {
    return step;
  }
  Status& after = step.after;
  after.kind = StatusKind::pending;
  after.since = now;
  if (after.known != StatusKind::down && after.known != StatusKind::degraded) {
    after.known = StatusKind::pending;
  }
  step.transition.to = StatusKind::pending;
  step.transition.change = Change::changed;
  return step;
}

}  // namespace tocsin
