#include "core/alert_event.h"

#include <fmt/format.h>

#include <utility>

#include "core/evaluate.h"

namespace tocsin {
namespace {

constexpr std::string_view kParentPrefix = "parent \"";

}  // namespace

std::string silence_reason(const AlertContext& context) {
  const Silence& silence = context.silence;
  if (silence.muted || context.monitor.muted) {
    return "muted";
  }
  if (!silence.maintenance.empty()) {
    return fmt::format("maintenance \"{}\"", silence.maintenance);
  }
  if (!silence.failing_parent.empty()) {
    return fmt::format("{}{}\" is failing", kParentPrefix, silence.failing_parent);
  }
  return {};
}

bool is_held_by_parent(const std::string& held) { return held.starts_with(kParentPrefix); }

bool is_open(const AlertState& state) { return !state.incident.value.empty(); }

bool is_known(StatusKind kind) {
  return kind == StatusKind::up || kind == StatusKind::degraded || kind == StatusKind::down;
}

Verdict severity_of(const Status& status, const AlertPolicy& policy) {
  if (status.kind == StatusKind::down) {
    return Verdict::failed;
  }
  return status.kind == StatusKind::degraded && policy.degraded ? Verdict::degraded
                                                                : Verdict::passed;
}

EventType opening_event(Verdict severity) {
  return severity == Verdict::degraded ? EventType::degraded : EventType::down;
}

std::string failure_reason(const AlertContext& context) {
  const Status& status = context.status;
  const bool down = status.kind == StatusKind::down;
  const uint32_t streak = down ? status.bad_streak : status.degraded_streak;
  std::string reason = status.error ? error_text(*status.error) : "The check failed.";
  if (streak > 1) {
    reason += fmt::format(" {} {} times in a row.", down ? "Failed" : "Not good", streak);
  }
  return reason;
}

AlertEvent& add_event(AlertStep& step, const AlertContext& context, EventType type,
                      std::string reason, std::string suppressed) {
  AlertState& state = step.after;
  if (suppressed.empty()) {
    state.told_down = true;
    state.held.clear();
  }
  step.events.push_back({.type = type,
                         .monitor = context.uid,
                         .incident = state.incident,
                         .number = ++state.events,
                         .at = context.now,
                         .status = context.status.kind,
                         .severity = state.severity,
                         .error = context.status.error,
                         .reason = std::move(reason),
                         .began = state.began,
                         .channels = {},
                         .suppressed = std::move(suppressed)});
  return step.events.back();
}

std::string good_again(const Monitor& monitor) {
  const bool should_answer = monitor.expect == Expectation::open && !monitor.should_fail;
  return should_answer ? "Answers again." : "Is again as it should be.";
}

void tell_failure(AlertStep& step, const AlertContext& context, std::string reason,
                  std::string suppressed) {
  if (!suppressed.empty() && !step.after.told_down) {
    step.after.held = suppressed;
  }
  add_event(step, context, opening_event(step.after.severity), std::move(reason),
            std::move(suppressed));
}

void recover(AlertStep& step, const AlertContext& context, std::optional<ProbeError> last_error) {
  AlertState& state = step.after;
  std::string suppressed;
  if (!state.told_down) {
    suppressed = state.held.empty() ? "its failure was not told"
                                    : fmt::format("its failure was not told: {}", state.held);
  } else if (context.silence.muted || context.monitor.muted) {
    suppressed = "muted";
  }
  const Duration lasted = context.status.since - state.began.value_or(context.status.since);
  std::string reason = context.status.kind == StatusKind::degraded
                           ? "No longer failing, but degraded."
                           : good_again(context.monitor);
  if (lasted > Duration(0)) {
    reason += fmt::format(" It lasted {}.", human_duration(lasted));
  }
  AlertEvent& event =
      add_event(step, context, EventType::recovered, std::move(reason), std::move(suppressed));
  event.error = std::move(last_error);
  step.close_incident = true;
  AlertState closed;
  closed.changes = std::move(state.changes);
  state = std::move(closed);
}

bool may_tell_late(const AlertState& state, const AlertContext& context) {
  return is_open(state) && !state.told_down && !state.flapping_since &&
         !context.status.recovering &&
         severity_of(context.status, context.monitor.alert) != Verdict::passed &&
         silence_reason(context).empty();
}

void tell_late(AlertStep& step, const AlertContext& context) {
  std::string reason = failure_reason(context);
  if (!step.after.held.empty()) {
    reason += fmt::format(" Told only now, it was held back: {}.", step.after.held);
  }
  tell_failure(step, context, std::move(reason), {});
}

}  // namespace tocsin
