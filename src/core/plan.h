// plan: from the running configuration of a project to the wanted one: what is added, changed,
// kept, retired or comes back.
#pragma once

#include <cstddef>
#include <memory>
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
  std::shared_ptr<const Monitor> definition = std::make_shared<const Monitor>();  // never null
};

// A monitor of the running configuration; its definition outlives the plan.
struct RunningMonitor {
  MonitorUid uid;
  bool retired = false;
  const Monitor* definition = nullptr;
};

struct PlannedMonitor {
  MonitorUid uid;     // 0 for `add`: the caller makes one
  size_t wanted = 0;  // its definition: a place in what is wanted
};
struct ChangePlan {
  std::vector<PlannedMonitor> add;     // never seen
  std::vector<PlannedMonitor> revive;  // retired, same project and id: history continues
  std::vector<PlannedMonitor> change;
  std::vector<PlannedMonitor> keep;  // same definition (origin may differ)
  std::vector<MonitorUid> retire;    // gone from the files
};

// Monitors of `project`, and those that the operator's files made under another name of it (their
// origin is a file): a project renamed in its file must not go on beside its successor. All others
// (`ui`) are not ours to touch.
ChangePlan plan(const std::string& project, std::span<const RunningMonitor> running,
                std::span<const Monitor> wanted);

}  // namespace tocsin
