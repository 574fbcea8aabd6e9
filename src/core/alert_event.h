// What decide and decide_by_time share: making a numbered event, and the reason that keeps one
// quiet. Of no use outside alert*.cpp.
#pragma once

#include <string>

#include "core/alert.h"

namespace tocsin {

// Everything a decision looks at besides the state it changes.
struct AlertContext {
  const Monitor& monitor;
  MonitorUid uid;
  const Status& status;
  const Silence& silence;
  SystemTime now;
};

// Why nothing may be sent just now: "muted", "maintenance \"x\"", "parent \"x\" is failing"; empty:
// nothing keeps it quiet.
std::string silence_reason(const AlertContext& context);
// True when `held` (AlertState) came from a failing parent: then only a fresh outcome of our own
// may tell, not the parent's recovery.
bool is_held_by_parent(const std::string& held);

bool is_open(const AlertState& state);
// Up, degraded or down: only then is there anything to say. Pending, unknown and paused say nothing
// and change nothing.
bool is_known(StatusKind kind);
// What an incident of this status would weigh: failed, degraded, or passed for none.
Verdict severity_of(const Status& status, const AlertPolicy& policy);
EventType opening_event(Verdict severity);

// The error in its own words (core/evaluate.h, error_text) and how often, when more than once.
std::string failure_reason(const AlertContext& context);

// Appends the next event of the open incident. One that is not suppressed counts as told.
AlertEvent& add_event(AlertStep& step, const AlertContext& context, EventType type,
                      std::string reason, std::string suppressed);
// The recovery in one sentence; a port that should be closed does not "answer again".
std::string good_again(const Monitor& monitor);
// An event that tells the failure itself; remembers in `held` when it was not sent.
void tell_failure(AlertStep& step, const AlertContext& context, std::string reason,
                  std::string suppressed);
// Recovery: the incident closes. Maintenance and a failing parent do not hide the end of what was
// told; mute does.
void recover(AlertStep& step, const AlertContext& context, std::optional<ProbeError> last_error);

// The opening notice was held back and what held it is gone.
bool may_tell_late(const AlertState& state, const AlertContext& context);
void tell_late(AlertStep& step, const AlertContext& context);

}  // namespace tocsin
