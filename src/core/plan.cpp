// A join of two lists by id. Applying a plan and planning again gives only `keep`; a property test
// holds it to that.
#include "core/plan.h"

#include <map>
#include <set>
#include <string_view>

namespace tocsin {

ChangePlan plan(const std::string& project, std::span<const KnownMonitor> known,
                std::span<const Monitor> wanted) {
  std::map<std::string_view, const KnownMonitor*> known_by_id;
  for (const KnownMonitor& monitor : known) {
    if (monitor.project == project) {
      known_by_id.emplace(monitor.id, &monitor);
    }
  }
  ChangePlan plan;
  std::set<std::string_view> wanted_ids;
  for (const Monitor& monitor : wanted) {
    // Ids are unique in what the config reader lets through. Should two ever come, the first
    // stands: ending the server over it would leave everything unwatched.
    if (!wanted_ids.insert(monitor.id).second) {
      continue;
    }
    const auto found = known_by_id.find(monitor.id);
    if (found == known_by_id.end()) {
      plan.add.push_back({.uid = {}, .definition = monitor});
      continue;
    }
    const KnownMonitor& before = *found->second;
    auto& list = before.retired                                ? plan.revive
                 : same_definition(before.definition, monitor) ? plan.keep
                                                               : plan.change;
    list.push_back({.uid = before.uid, .definition = monitor});
  }
  for (const KnownMonitor& monitor : known) {
    const bool is_gone = monitor.project == project ? !wanted_ids.contains(monitor.id)
                                                    : !monitor.definition.origin.file.empty();
    if (is_gone && !monitor.retired) {
      plan.retire.push_back(monitor.uid);
    }
  }
  return plan;
}

}  // namespace tocsin
