#include "engine/readings.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/monitor_table.h"
#include "engine/runner.h"

namespace tocsin {

bool Readings::walk(size_t& place, size_t count, const std::function<bool(size_t)>& see) const {
  constexpr size_t kBetweenLooks = 16;  // a look at the clock costs as much as some monitors
  const SteadyTime end = clock_.steady_now() + kLoopPieceTime;
  while (place < count) {
    if (!see(place++)) {
      return false;
    }
    if (place % kBetweenLooks == 0 && clock_.steady_now() >= end) {
      return true;
    }
  }
  return false;
}

bool Readings::read_on(MonitorList& list) const {
  if (list.place == 0 && !table_.begin_list(list)) {
    return false;
  }
  return walk(list.place, table_.size(), [&](size_t index) {
    const MonitorEntry& entry = table_.at(static_cast<uint32_t>(index));
    if (table_.fits(entry, list.filter)) {
      list.rows.push_back(view_of(entry));
    }
    return list.rows.size() < list.filter.limit;
  });
}

bool Readings::read_on(ChosenMonitors& chosen) const {
  return walk(chosen.place, chosen.wanted.size(), [&](size_t at) {
    const MonitorEntry* const entry = table_.find(chosen.wanted[at]);
    if (entry != nullptr && !entry->retired) {
      chosen.rows.push_back(view_of(*entry));
    }
    return true;
  });
}

template <class Counting>
bool Readings::count_on(Counting& counting) const {
  return walk(counting.place, table_.size(), [&](size_t index) {
    count(counting, table_.at(static_cast<uint32_t>(index)));
    return true;
  });
}

bool Readings::read_on(Overview& overview) const { return count_on(overview); }
bool Readings::read_on(NameCounts& counts) const { return count_on(counts); }

std::optional<MonitorView> Readings::monitor(std::string_view id_or_uid) const {
  const MonitorEntry* const entry = table_.find(id_or_uid);
  return entry == nullptr ? std::nullopt : std::optional(view_of(*entry));
}

std::string Readings::other_with_target(const Target& target, MonitorUid except) const {
  const MonitorEntry* const found = table_.find_other(target, except);
  return found == nullptr ? std::string() : found->definition->id;
}

void count_monitors(const MonitorTable& table, EngineHealth& health) {
  for (const MonitorEntry& entry : table) {
    health.monitors += entry.retired ? 0 : 1;
    health.of_files += entry.retired || entry.of_ui ? 0 : 1;
    health.enabled += entry.retired || entry.paused() ? 0 : 1;
  }
}

void count_runs(const RunCounters& runs, EngineHealth& health) {
  health.ticks_run = runs.ticks_run;
  health.skipped_in_progress = runs.skipped_in_progress;
  health.skipped_missed = runs.skipped_missed;
  health.skipped_overload = runs.skipped_overload;
  health.attempts_passed = runs.passed;
  health.attempts_degraded = runs.degraded;
  health.attempts_failed = runs.failed;
  health.attempts_unknown = runs.unknown;
}

}  // namespace tocsin
