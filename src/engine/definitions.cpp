#include "engine/definitions.h"

#include <utility>

namespace tocsin {

MonitorEntry& Definitions::add(const Monitor& definition, Moment now) {
  MonitorUid uid;
  do {
    uid.value = static_cast<int64_t>(random_.next() >> 1);
  } while (uid.value == 0 || table_.find(uid) != nullptr);
  MonitorState fresh;
  fresh.status.since = now.wall;
  MonitorEntry& entry = table_.add(uid, definition, std::move(fresh), false);
  settle(entry, now);
  return entry;
}

void Definitions::redefine(MonitorEntry& entry, const Monitor& definition, Moment now) {
  runner_.unschedule(entry);
  life_.redefine(entry, definition, now);
  entry.retired = false;
  settle(entry, now);
}

void Definitions::keep(MonitorEntry& entry, Moment now) {
  if (!entry.next_tick && !entry.run) {
    settle(entry, now);
  }
}

void Definitions::retire(MonitorEntry& entry, Moment now) {
  runner_.unschedule(entry);
  life_.retire(entry, now);
  write(entry, now);
}

void Definitions::settle(MonitorEntry& entry, Moment now) {
  life_.set_paused(entry, entry.paused(), now);
  runner_.schedule(entry, now);
  write(entry, now);
}

void Definitions::write(const MonitorEntry& entry, Moment now) {
  const Monitor& definition = *entry.definition;
  batch_.rows().monitors.push_back(
      {{entry.uid, definition.project, definition.id, entry.retired, definition},
       entry.state.get()});
  batch_.touched(now.steady, true);
}

std::string twice_sentence(const Monitor& monitor) {
  return "The monitor " + monitor.id + " of " + monitor.origin.file +
         " is there twice: one of this id was made over the API, and both run. Remove one.";
}

}  // namespace tocsin
