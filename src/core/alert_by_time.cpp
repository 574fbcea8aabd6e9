// What is due because time passed.
//
// Worked example: opened 10:00, reminders every 10 min x 3, escalate after 15 min to "boss".
//
//   10:10  reminder 1 of 3
//   10:15  escalated to "boss"; in maintenance or muted the step is skipped for good
//   10:21  (after reminder 2) acknowledged: nothing more is due until the severity rises
//   10:47  degraded became failed, which cleared that: one reminder (3 of 3), none made up for
//   status unknown from 10:12 to 10:25: nothing; at 10:26 the escalation and one reminder for two
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/alert.h"
#include "core/alert_event.h"
#include "core/alert_flapping.h"

namespace tocsin {
namespace {

// Steps by their delay; equal delays keep the user's order.
std::vector<const EscalationStep*> steps_by_delay(const AlertPolicy& policy) {
  std::vector<const EscalationStep*> steps;
  steps.reserve(policy.escalate.size());
  for (const EscalationStep& step : policy.escalate) {
    steps.push_back(&step);
  }
  std::ranges::sort(steps, {},
                    [](const EscalationStep* step) { return std::pair(step->after, step); });
  return steps;
}

// Reminders and escalation may run. A held-back opening keeps them waiting, except where
// maintenance or mute holds it: there each due step is skipped with that reason.
bool is_nagging(const AlertState& state, const Status& status) {
  if (!is_open(state) || !state.opened || state.acknowledged || state.flapping_since ||
      state.severity == Verdict::passed) {
    return false;
  }
  if (status.kind != StatusKind::down && status.kind != StatusKind::degraded) {
    return false;
  }
  return state.told_down ||
         (!state.held.empty() && !is_held_by_parent(state.held) && !status.recovering);
}

std::optional<SystemTime> escalation_due(const AlertPolicy& policy, const AlertState& state) {
  const std::vector<const EscalationStep*> steps = steps_by_delay(policy);
  if (state.escalations_done >= steps.size()) {
    return std::nullopt;
  }
  return *state.opened + steps[state.escalations_done]->after;
}

std::optional<SystemTime> reminder_due(const AlertPolicy& policy, const AlertState& state) {
  if (policy.reminder_every <= Duration(0) || state.reminders_sent >= policy.reminder_count) {
    return std::nullopt;
  }
  return *state.opened + (int64_t{state.reminders_sent} + 1) * policy.reminder_every;
}

std::string still_bad(const AlertContext& context, const AlertState& state) {
  return fmt::format("Still {} after {}. {}", status_name(context.status.kind),
                     human_duration(context.now - *state.opened), failure_reason(context));
}

void escalate(AlertStep& step, const AlertContext& context) {
  const std::vector<const EscalationStep*> steps = steps_by_delay(context.monitor.alert);
  while (true) {
    const std::optional<SystemTime> due = escalation_due(context.monitor.alert, step.after);
    if (!due || context.now < *due) {
      return;
    }
    const EscalationStep& escalation = *steps[step.after.escalations_done];
    ++step.after.escalations_done;
    AlertEvent& event = add_event(step, context, EventType::escalated,
                                  "Nobody has acknowledged. " + still_bad(context, step.after),
                                  silence_reason(context));
    event.channels = escalation.channels;
  }
}

// Missed reminders collapse into one: three at once say no more than one.
void remind(AlertStep& step, const AlertContext& context, bool told_just_now) {
  const AlertPolicy& policy = context.monitor.alert;
  const std::optional<SystemTime> due = reminder_due(policy, step.after);
  if (!due || context.now < *due) {
    return;
  }
  const int64_t passed = (context.now - *step.after.opened) / policy.reminder_every;
  step.after.reminders_sent =
      static_cast<uint32_t>(std::min(passed, int64_t{policy.reminder_count}));
  if (told_just_now) {
    return;
  }
  add_event(step, context, EventType::reminder,
            fmt::format("{} Reminder {} of {}.", still_bad(context, step.after),
                        step.after.reminders_sent, policy.reminder_count),
            silence_reason(context));
}

}  // namespace

AlertStep decide_by_time(const Monitor& monitor, MonitorUid uid, const AlertState& before,
                         const Status& status, const Silence& silence, SystemTime now) {
  AlertStep step{.after = before, .events = {}};
  if (!is_open(before) || !is_known(status.kind)) {
    return step;
  }
  const AlertContext context{monitor, uid, status, silence, now};
  if (before.flapping_since) {
    flapping_by_time(step, context);
    return step;
  }
  const bool held_by_silence = !before.held.empty() && !is_held_by_parent(before.held);
  const bool tells_late = held_by_silence && may_tell_late(before, context);
  if (tells_late) {
    tell_late(step, context);
  }
  if (is_nagging(step.after, status)) {
    escalate(step, context);
    remind(step, context, tells_late);
  }
  return step;
}

std::optional<SystemTime> next_alert_time(const AlertPolicy& policy, const AlertState& state,
                                          const Status& status) {
  if (!is_open(state) || !is_known(status.kind)) {
    return std::nullopt;
  }
  if (state.flapping_since) {
    return flapping_due(state);
  }
  if (!is_nagging(state, status)) {
    return std::nullopt;
  }
  const std::optional<SystemTime> escalation = escalation_due(policy, state);
  const std::optional<SystemTime> reminder = reminder_due(policy, state);
  if (escalation && reminder) {
    return std::min(*escalation, *reminder);
  }
  return escalation ? escalation : reminder;
}

}  // namespace tocsin
