#include "engine/definitions.h"

#include <utility>

namespace tocsin {
namespace {

// Of a monitor of the files whose id is also that of one made over the API.
std::string twice_sentence(const Monitor& monitor) {
  return "The monitor " + monitor.id + " of " + monitor.origin.file +
         " is there twice: one of this id was made over the API, and both run. Remove one.";
}

}  // namespace

std::vector<RunningMonitor> Definitions::running() const {
  std::vector<RunningMonitor> all;
  for (const MonitorEntry& entry : table_) {
    if (!entry.of_ui) {  // which no file has a say in
      all.push_back({entry.uid, entry.retired, entry.definition.get()});
    }
  }
  return all;
}

std::vector<std::string> Definitions::apply(const ChangePlan& changes, std::vector<Monitor> wanted,
                                            Moment now) {
  std::vector<std::string> warnings;
  for (const PlannedMonitor& planned : changes.add) {
    Monitor& monitor = wanted[planned.wanted];
    const MonitorEntry* const made = table_.find(kUiProject, monitor.id);
    if (made != nullptr && !made->retired && !is_of_ui(monitor)) {
      warnings.push_back(twice_sentence(monitor));
    }
    add(std::move(monitor), now);
  }
  for (const auto* group : {&changes.revive, &changes.change}) {
    for (const PlannedMonitor& planned : *group) {
      redefine(*table_.find(planned.uid), std::move(wanted[planned.wanted]), now);
    }
  }
  for (const PlannedMonitor& planned : changes.keep) {
    MonitorEntry& entry = *table_.find(planned.uid);
    if (Monitor& monitor = wanted[planned.wanted]; !(monitor.origin == entry.definition->origin)) {
      // Another line or file is what messages name from now on; the next start reads it again.
      entry.definition = std::make_shared<const Monitor>(std::move(monitor));
    }
    keep(entry, now);
  }
  for (const MonitorUid uid : changes.retire) {
    retire(*table_.find(uid), now);
  }
  return warnings;
}

MonitorEntry& Definitions::add(Monitor definition, Moment now) {
  MonitorUid uid;
  do {
    uid.value = static_cast<int64_t>(random_.next() >> 1);
  } while (uid.value == 0 || table_.find(uid) != nullptr);
  MonitorState fresh;
  fresh.status.since = now.wall;
  MonitorEntry& entry = table_.add(uid, std::make_shared<const Monitor>(std::move(definition)),
                                   std::move(fresh), false);
  settle(entry, now);
  return entry;
}

void Definitions::redefine(MonitorEntry& entry, Monitor definition, Moment now) {
  runner_.unschedule(entry);
  life_.redefine(entry, std::move(definition), now);
  entry.retired = false;
  settle(entry, now);
}

void Definitions::keep(MonitorEntry& entry, Moment now) {
  if (!entry.next_tick && !entry.run) {
    life_.set_paused(entry, entry.paused(), now);
    runner_.schedule(entry, now);
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
      {{entry.uid, definition.project, definition.id, entry.retired, entry.definition},
       entry.state.get()});
  batch_.touched(now.steady, true);
}

}  // namespace tocsin
