// decide: from transitions to events worth telling, and which of them are silent and why.
// Reminders, escalation and flapping too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/advance.h"
#include "model/monitor.h"
#include "model/status.h"

namespace tocsin {

// What keeps events quiet just now. Empty strings: nothing.
struct Silence {
  bool muted = false;
  std::string maintenance;     // name of the window
  std::string failing_parent;  // name of the failing parent (depends_on)
};

struct AlertStep {
  AlertState after;
  std::vector<AlertEvent> events;  // in order; a suppressed one has its reason
  bool open_incident = false;  // after.incident is new: the `fresh_incident` that the caller gave
  bool close_incident = false;
};

// Call it with every outcome's transition, also one that changed nothing (a notice that was held
// back may be due now), and with those of advance_by_time that changed something. `fresh_incident`
// is used when this call opens one. Rules in product.md "Events", "Flapping", table `alert`.
AlertStep decide(const Monitor& monitor, MonitorUid uid, const AlertState& before,
                 const Status& status, const Transition& transition, const Silence& silence,
                 IncidentId fresh_incident, SystemTime now);

// What is due by time: reminders and escalation steps (counted from the opening; acknowledge stops
// both until severity rises; a step in maintenance or mute is skipped with its reason; status
// unknown pauses reminders), the end of flapping.
AlertStep decide_by_time(const Monitor& monitor, MonitorUid uid, const AlertState& before,
                         const Status& status, const Silence& silence, SystemTime now);
std::optional<SystemTime> next_alert_time(const AlertPolicy& policy, const AlertState& state,
                                          const Status& status);

// The definition changed from `before` to `after` in the middle of an incident: channels that are
// new in it hear of what the others have been told, or nobody would whose channel replaces a broken
// one. Silent when nothing was told yet (that comes by itself), and for what a person acknowledged.
AlertStep tell_newcomers(const Monitor& before, const Monitor& after, MonitorUid uid,
                         const AlertState& state, const Status& status, const Silence& silence,
                         SystemTime now);

// A person acknowledges; idempotent.
AlertState acknowledge(const AlertState& before, SystemTime now);
// The monitor is gone from the configuration or was deleted: the incident closes with reason
// "removed", no event is sent.
AlertStep retire(const AlertState& before, SystemTime now);

}  // namespace tocsin
