// fold: an incident and its timeline from events.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/delivery.h"
#include "model/monitor.h"
#include "model/status.h"

namespace tocsin {

// Opens from the first event of an incident (`down` or `degraded`), appends to its timeline by
// later ones, closes at `recovered` (unless suppressed as flapping). At most 500 timeline entries
// are kept (the first 50 and the newest).
Incident fold(std::optional<Incident> incident, const Monitor& monitor, const AlertEvent& event);
Incident acknowledge(Incident incident, std::string by, std::string note, SystemTime now);
// A person's words, whether it is open or closed.
Incident add_note(Incident incident, std::string_view by, std::string_view text, SystemTime now);
Incident close_removed(Incident incident, SystemTime now);
Incident add_timeline(Incident incident, TimelineEntry entry);
// What was found out about its failure; stands in the timeline where `at` belongs, which may be
// before the confirmation.
Incident add_evidence(Incident incident, SystemTime at, std::string summary);
// The definition of its monitor changed while it was open.
Incident note_change(Incident incident, const Monitor& before, const Monitor& after,
                     SystemTime now);
// The timeline as people read it: in the order of time, with an entry for each delivery that ended.
// Deliveries are kept apart, as they end long after what they tell of.
std::vector<TimelineEntry> timeline_with(const Incident& incident,
                                         std::span<const Delivery> deliveries);

}  // namespace tocsin
