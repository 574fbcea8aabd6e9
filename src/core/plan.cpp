// A join of two lists by id. Applying a plan and planning again gives only `keep`; a property test
// holds it to that.
#include "core/plan.h"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace tocsin {

ChangePlan plan(const std::string& project, std::span<const RunningMonitor> running,
                std::span<const Monitor> wanted) {
  std::unordered_map<std::string_view, const RunningMonitor*> running_by_id(running.size());
  for (const RunningMonitor& monitor : running) {
    if (monitor.definition->project == project) {
      running_by_id.emplace(monitor.definition->id, &monitor);
    }
  }
  ChangePlan plan;
  std::unordered_set<std::string_view> wanted_ids(wanted.size());
  for (size_t place = 0; place < wanted.size(); ++place) {
    const Monitor& monitor = wanted[place];
    // Ids are unique in what the config reader lets through. Should two ever come, the first
    // stands: ending the server over it would leave everything unwatched.
    if (!wanted_ids.insert(monitor.id).second) {
      continue;
    }
    const auto found = running_by_id.find(monitor.id);
    if (found == running_by_id.end()) {
      plan.add.push_back({.uid = {}, .wanted = place});
      continue;
    }
    const RunningMonitor& before = *found->second;
    auto& list = before.retired                                 ? plan.revive
                 : same_definition(*before.definition, monitor) ? plan.keep
                                                                : plan.change;
    list.push_back({.uid = before.uid, .wanted = place});
  }
  for (const RunningMonitor& monitor : running) {
    const Monitor& definition = *monitor.definition;
    const bool is_gone = definition.project == project ? !wanted_ids.contains(definition.id)
                                                       : !definition.origin.file.empty();
    if (is_gone && !monitor.retired) {
      plan.retire.push_back(monitor.uid);
    }
  }
  return plan;
}

}  // namespace tocsin
