// What a definition names must exist: its channels, and the monitors of the same project it depends
// on, without a circle. The files' reader asks the same of files; this asks the running server.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/channel.h"
#include "model/monitor.h"

namespace tocsin {

class MonitorTable;

struct NameProblem {
  std::string place;  // as a path in the definition: "/alert/escalate/0/channels/1"
  std::string message, hint;
};

// In the order of the field table; none when all is well. The monitor's own project counts.
std::vector<NameProblem> check_names(const Monitor& monitor,
                                     const std::map<std::string, Channel>& channels,
                                     const MonitorTable& table);

}  // namespace tocsin
