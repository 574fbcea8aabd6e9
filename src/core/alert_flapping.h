// Flapping: a status that changes too often is told as such, once per quarter of an hour, instead
// of change by change.
#pragma once

#include "core/alert_event.h"

namespace tocsin {

// What fold looks for: a change with this reason neither closes nor reopens the incident.
inline constexpr std::string_view kFlappingReason = "flapping";

// Changes longer ago do not count any more.
inline constexpr Duration kFlappingWindow = 10min;

// Remembers a change worth telling; true when this one starts flapping.
bool note_change(AlertState& state, SystemTime now);
// The message that it flaps.
void tell_flapping(AlertStep& step, const AlertContext& context);
// The next message or the end, when due. Call only while flapping and with a known status.
void flapping_by_time(AlertStep& step, const AlertContext& context);
// When flapping_by_time has something to do.
SystemTime flapping_due(const AlertState& state);

}  // namespace tocsin
