// decide compares what the open incident says with what the status says now, and tells the
// difference. It looks at states rather than at the transition's flags, so that a policy changed by
// a reload, or a status restored after a restart, still ends in the right words.
//
// Worked example (policy.degraded, reminders every 10 min; told = not suppressed):
//
//   10:00  up -> degraded    incident opens, event 1 `.degraded`
//   10:05  acknowledged      reminders and escalation stop
//   10:07  degraded -> down  event 2 `.down`, the acknowledgement is cleared: it became worse
//   10:10  reminder due      event 3 `.reminder` (core/alert_by_time.cpp)
//   10:12  down -> up        event 4 `.recovered` closes; suppressed had nothing before been told
//
// Chosen where product.md is silent:
//
// - A notice held back by maintenance or mute is told as soon as neither holds, with the true
//   start. One held back by a failing parent is told at the next bad outcome of the child itself:
//   the parent's recovery usually brings the child with it.
// - The recovery of a told incident is told in maintenance and under a failing parent too: an alert
//   that never ends is the worse noise. Mute silences it.
#include "core/alert.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/alert_event.h"
#include "core/alert_flapping.h"

namespace tocsin {
namespace {

void change_severity(AlertStep& step, const AlertContext& context, const Transition& transition) {
  AlertState& state = step.after;
  const Verdict severity = severity_of(context.status, context.monitor.alert);
  const bool starts_flapping = note_change(state, context.now);
  if (!state.flapping_since) {
    if (severity == Verdict::passed) {
      recover(step, context, transition.error);
      return;
    }
    const bool falls = state.severity == Verdict::failed;
    if (!falls) {
      state.acknowledged.reset();
    }
    state.severity = severity;
    const std::string reason = failure_reason(context);
    tell_failure(step, context, falls ? "No longer failing, but degraded. " + reason : reason,
                 silence_reason(context));
    return;
  }
  if (state.severity == Verdict::degraded && severity == Verdict::failed) {
    state.acknowledged.reset();
  }
  state.severity = severity;
  if (severity == Verdict::passed) {
    add_event(step, context, EventType::recovered, good_again(context.monitor),
              std::string(kFlappingReason));
  } else {
    tell_failure(step, context, failure_reason(context), std::string(kFlappingReason));
  }
  if (starts_flapping) {
    tell_flapping(step, context);
  }
}

void open_incident(AlertStep& step, const AlertContext& context, const Transition& transition,
                   IncidentId fresh) {
  AlertState& state = step.after;
  std::vector<SystemTime> changes = std::move(state.changes);
  state = {};
  state.changes = std::move(changes);
  state.incident = std::move(fresh);
  state.severity = severity_of(context.status, context.monitor.alert);
  state.opened = context.now;
  const auto& status_began = context.status.kind == StatusKind::down
                                 ? context.status.first_bad_slot
                                 : context.status.first_degraded_slot;
  state.began = status_began ? status_began : transition.first_bad_slot;
  step.open_incident = true;
  const bool starts_flapping = note_change(state, context.now);
  tell_failure(step, context, failure_reason(context),
               starts_flapping ? std::string(kFlappingReason) : silence_reason(context));
  if (starts_flapping) {
    tell_flapping(step, context);
  }
}

}  // namespace

AlertStep decide(const Monitor& monitor, MonitorUid uid, const AlertState& before,
                 const Status& status, const Transition& transition, const Silence& silence,
                 IncidentId fresh_incident, SystemTime now) {
  AlertStep step{.after = before, .events = {}};
  if (!is_known(status.kind)) {
    return step;
  }
  const AlertContext context{monitor, uid, status, silence, now};
  const Verdict severity = severity_of(status, monitor.alert);
  if (!is_open(before)) {
    if (severity != Verdict::passed && !status.recovering) {
      open_incident(step, context, transition, std::move(fresh_incident));
    }
    return step;
  }
  if (severity != before.severity) {
    change_severity(step, context, transition);
    return step;
  }
  // Only a fresh outcome that says something, not the mere passing of time, tells what a parent
  // held back.
  const bool fresh = transition.at == status.slot && status.last_known == status.slot;
  if (fresh && may_tell_late(before, context)) {
    tell_late(step, context);
  }
  return step;
}

AlertStep tell_newcomers(const Monitor& before, const Monitor& after, MonitorUid uid,
                         const AlertState& state, const Status& status, const Silence& silence,
                         SystemTime now) {
  AlertStep step{.after = state, .events = {}};
  std::vector<std::string> added;
  for (const std::string& channel : after.channels) {
    if (std::ranges::find(before.channels, channel) == before.channels.end()) {
      added.push_back(channel);
    }
  }
  const bool is_told = is_open(state) && state.told_down && !state.flapping_since &&
                       state.severity != Verdict::passed;
  if (!is_told || added.empty() || !after.enabled) {
    return step;
  }
  const AlertContext context{after, uid, status, silence, now};
  std::string suppressed = silence_reason(context);
  if (suppressed.empty() && state.acknowledged) {
    suppressed = "acknowledged";
  }
  AlertEvent& event = add_event(step, context, opening_event(state.severity),
                                failure_reason(context) + " This channel was added meanwhile.",
                                std::move(suppressed));
  event.channels = std::move(added);
  return step;
}

AlertState acknowledge(const AlertState& before, SystemTime now) {
  AlertState after = before;
  if (is_open(after) && !after.acknowledged) {
    after.acknowledged = now;
  }
  return after;
}

AlertStep retire(const AlertState& before, SystemTime) {
  return {.after = {}, .events = {}, .open_incident = false, .close_incident = is_open(before)};
}

}  // namespace tocsin
