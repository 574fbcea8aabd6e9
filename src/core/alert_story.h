// Tests only: a monitor's life with its alerts, told in letters (story.h) and read as "1 down, 2
// recovered (muted)". Asks next_alert_time and next_by_time like an engine: after every outcome and
// during every wait, at the moments they name.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/alert.h"
#include "core/story.h"

namespace tocsin::story {

class AlertStory {
 public:
  explicit AlertStory(AlertPolicy policy, Duration interval = kInterval) : interval_(interval) {
    monitor.id = "db";
    monitor.interval = interval;
    monitor.alert = std::move(policy);
  }

  Monitor monitor;
  Silence silence;

  // One outcome per interval, each at its slot; what became due before is done before.
  std::string play(std::string_view letters) {
    std::string told;
    for (const char letter : letters) {
      append(told, run_until(std::max(next_slot_, now_)));
      const StatusStep step = advance(status_, monitor.alert, outcome_at(letter, now_));
      next_slot_ = now_ + interval_;
      append(told, follow(step));
    }
    return told;
  }
  // Time passes without outcomes.
  std::string wait(Duration time) { return run_until(now_ + time); }
  void acknowledge() { state_ = tocsin::acknowledge(state_, now_); }
  void forget_alert() { state_ = {}; }
  std::string take(const StatusStep& step) { return follow(step); }

  [[nodiscard]] const Status& status() const { return status_; }
  [[nodiscard]] const AlertState& state() const { return state_; }
  [[nodiscard]] const AlertStep& last_step() const { return last_step_; }
  [[nodiscard]] const AlertEvent& last_event() const { return events_.back(); }
  [[nodiscard]] const std::vector<AlertEvent>& events() const { return events_; }
  [[nodiscard]] SystemTime now() const { return now_; }
  [[nodiscard]] int incidents() const { return incidents_; }

 private:
  static void append(std::string& told, const std::string& more) {
    told += told.empty() || more.empty() ? more : ", " + more;
  }

  std::string run_until(SystemTime end) {
    std::string told;
    int turns = 0;
    while (true) {
      const auto by_time = next_by_time(status_, monitor.alert, interval_);
      const auto alert = next_alert_time(monitor.alert, state_, status_);
      const SystemTime next = std::min(by_time.value_or(end), alert.value_or(end));
      if (next >= end || ++turns > kTurnsMax) {
        break;
      }
      now_ = std::max(now_, next);
      append(told, due_now());
    }
    if (turns > kTurnsMax) {
      return "spinning";
    }
    now_ = end;
    append(told, due_now());
    return told;
  }

  std::string due_now() {
    const StatusStep step = advance_by_time(status_, monitor.alert, interval_, now_);
    std::string told;
    if (step.transition.change != Change::none) {
      told = follow(step);
    }
    append(told, keep(decide_by_time(monitor, MonitorUid{1}, state_, status_, silence, now_)));
    return told;
  }

  std::string follow(const StatusStep& step) {
    status_ = step.after;
    return keep(decide(monitor, MonitorUid{1}, state_, status_, step.transition, silence,
                       IncidentId{fmt::format("incident-{}", incidents_ + 1)}, now_));
  }

  std::string keep(AlertStep step) {
    incidents_ += step.open_incident ? 1 : 0;
    state_ = step.after;
    std::string told;
    for (const AlertEvent& event : step.events) {
      events_.push_back(event);
      std::string_view name = event_type_name(event.type);
      name.remove_prefix(name.starts_with("monitor.") ? 8 : 0);
      append(told, fmt::format("{} {}{}", event.number, name,
                               event.suppressed.empty() ? std::string()
                                                        : fmt::format(" ({})", event.suppressed)));
    }
    if (!step.events.empty() || step.open_incident || step.close_incident) {
      last_step_ = std::move(step);
    }
    return told;
  }

  static constexpr int kTurnsMax = 10000;
  Duration interval_;
  Status status_;
  AlertState state_;
  AlertStep last_step_;
  std::vector<AlertEvent> events_;
  SystemTime now_ = kStart;
  SystemTime next_slot_ = kStart;
  int incidents_ = 0;
};

}  // namespace tocsin::story
