#include "core/monitor_brief.h"

#include <utility>

#include "base/letter_case.h"
#include "core/steady.h"

namespace tocsin {

std::string sought_text(std::string_view id, std::string_view name, std::string_view target) {
  std::string text;
  text.reserve(id.size() + name.size() + target.size() + 2);
  ((((text += id) += '\n') += name) += '\n') += target;
  return fold_case(std::move(text));
}

MonitorBrief brief_of(const Monitor& monitor) {
  return {.interval = monitor.interval,
          .enabled = monitor.enabled,
          .muted = monitor.muted,
          .of_ui = is_of_ui(monitor),
          .decides_alone = is_decided_by_one(monitor),
          .names_channels = !monitor.channels.empty() || !monitor.alert.escalate.empty(),
          .sought = sought_text(monitor.id, monitor.name, monitor.target.text())};
}

std::string_view id_sought(std::string_view sought) { return sought.substr(0, sought.find('\n')); }

std::string_view target_sought(std::string_view sought) {
  return sought.substr(sought.find('\n', sought.find('\n') + 1) + 1);  // a path may hold one
}

}  // namespace tocsin
