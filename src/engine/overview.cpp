#include "engine/overview.h"

#include "engine/monitor_table.h"

namespace tocsin {
namespace {

size_t place_of(StatusKind kind) {
  return static_cast<size_t>(kind) - static_cast<size_t>(StatusKind::pending);
}

}  // namespace

void StatusCounts::add(StatusKind kind) {
  ++monitors;
  ++by_status.at(place_of(kind));
}

size_t StatusCounts::of(StatusKind kind) const { return by_status.at(place_of(kind)); }

void count(Overview& overview, const MonitorEntry& entry) {
  if (entry.retired) {
    return;
  }
  overview.all.add(entry.state.kind());
  overview.muted += entry.state.muted() || entry.muted ? 1 : 0;
  overview.open_incidents += entry.incident ? 1 : 0;
}

void count(NameCounts& names, const MonitorEntry& entry) {
  if (entry.retired) {
    return;
  }
  const StatusKind kind = entry.state.kind();
  if (names.of == NameKind::tag) {
    for (const std::string& tag : entry.definition->tags) {
      names.counts[tag].add(kind);
    }
  } else if (!entry.definition->group.empty()) {
    names.counts[entry.definition->group].add(kind);
  }
}

}  // namespace tocsin
