// plan: from the running configuration of a project to the wanted one: what is added, changed,
// kept, retired or comes back.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "model/monitor.h"

namespace tocsin {

// A monitor as the store knows it.
struct KnownMonitor {
  MonitorUid uid;
  std::string project, id;
  bool retired = false;
  Monitor definition;
};

struct PlannedMonitor {
  MonitorUid uid;  // 0 for `add`: the caller makes one
  Monitor definition;
};
struct ChangePlan {
  std::vector<PlannedMonitor> add;     // never seen
  std::vector<PlannedMonitor> revive;  // retired, same project and id: history continues
  std::vector<PlannedMonitor> change;
  std::vector<PlannedMonitor> keep;  // same definition (origin may differ)
  std::vector<MonitorUid> retire;    // of the same project, gone from the files
};

// Only monitors of `project` are looked at; others are not ours to touch.
ChangePlan plan(const std::string& project, std::span<const KnownMonitor> known,
                std::span<const Monitor> wanted);

}  // namespace tocsin
