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

Overview overview_of(const MonitorTable& table) {
  Overview result;
  for (const MonitorEntry& entry : table) {
    if (!entry.retired) {
      result.all.add(entry.state.status.kind);
      result.muted += entry.state.muted || entry.definition->muted ? 1 : 0;
      result.open_incidents += entry.incident ? 1 : 0;
    }
  }
  return result;
}

std::map<std::string, StatusCounts> counts_by_tag(const MonitorTable& table) {
  std::map<std::string, StatusCounts> result;
  for (const MonitorEntry& entry : table) {
    if (!entry.retired) {
      for (const std::string& tag : entry.definition->tags) {
        result[tag].add(entry.state.status.kind);
      }
    }
  }
  return result;
}

std::map<std::string, StatusCounts> counts_by_group(const MonitorTable& table) {
  std::map<std::string, StatusCounts> result;
  for (const MonitorEntry& entry : table) {
    if (!entry.retired && !entry.definition->group.empty()) {
      result[entry.definition->group].add(entry.state.status.kind);
    }
  }
  return result;
}

}  // namespace tocsin
