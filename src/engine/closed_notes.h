// ClosedNotes: notes to incidents that are over, which nobody but the store holds any more. While
// one is on its way to the disk, the incident as it will be is kept here, so that a second note
// adds to the first instead of replacing it.
#pragma once

#include <cstddef>
#include <map>
#include <string_view>

#include "engine/life.h"
#include "engine/pending_batch.h"

namespace tocsin {

class ClosedNotes {
 public:
  explicit ClosedNotes(PendingBatch& batch) : batch_(batch) {}

  // `stored` as the store shows it, which may lack notes that are under way.
  void add(const Incident& stored, std::string_view by, std::string_view text, Moment now);
  // One note to it is durable, or was not kept. Of any incident.
  void settled(const IncidentId& id);

 private:
  struct UnderWay {
    Incident incident;
    size_t notes = 0;
  };
  PendingBatch& batch_;
  std::map<IncidentId, UnderWay> under_way_;
};

}  // namespace tocsin
