#include "engine/closed_notes.h"

#include <utility>

#include "core/incident.h"

namespace tocsin {

void ClosedNotes::add(const Incident& stored, std::string_view by, std::string_view text,
                      Moment now) {
  UnderWay& one = under_way_.try_emplace(stored.id, UnderWay{.incident = stored}).first->second;
  one.incident = add_note(std::move(one.incident), by, text, now.wall);
  ++one.notes;
  batch_.rows().incidents.push_back(one.incident);
  batch_.touched(now.steady, true);
}

void ClosedNotes::settled(const IncidentId& id) {
  const auto found = under_way_.find(id);
  if (found != under_way_.end() && --found->second.notes == 0) {
    under_way_.erase(found);
  }
}

}  // namespace tocsin
