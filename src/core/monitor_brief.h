// MonitorBrief: what is asked of very many definitions at once, so that nobody looks at each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/monitor.h"

namespace tocsin {

struct MonitorBrief {
  Duration interval{};
  bool enabled = true;
  bool muted = false;
  bool of_ui = false;           // is_of_ui()
  bool decides_alone = false;   // is_decided_by_one()
  bool names_channels = false;  // of its own
  // What a search looks through: id, name and target, a line each, case folded.
  std::string sought;
  bool operator==(const MonitorBrief&) const = default;
};
MonitorBrief brief_of(const Monitor& monitor);
std::string sought_text(std::string_view id, std::string_view name, std::string_view target);

// Of `sought`: the id, and the target, case folded.
std::string_view id_sought(std::string_view sought);
std::string_view target_sought(std::string_view sought);

}  // namespace tocsin
