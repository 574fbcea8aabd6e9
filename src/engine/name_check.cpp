#include "engine/name_check.h"

#include <set>

#include "base/bytes.h"
#include "config/reader.h"
#include "engine/monitor_table.h"

namespace tocsin {
namespace {

constexpr size_t kShownBytesMax = 80;
constexpr size_t kCandidatesMax = 1000;  // ids compared for one hint

std::string quoted(const std::string& name) {
  return "\"" + escape_for_display(name, kShownBytesMax) + "\"";
}

class NameCheck {
 public:
  NameCheck(const Monitor& monitor, const std::map<std::string, Channel>& channels,
            const MonitorTable& table)
      : monitor_(monitor), channels_(channels), table_(table) {}

  std::vector<NameProblem> run() {
    for (size_t i = 0; i < monitor_.alert.escalate.size(); ++i) {
      check_channels(monitor_.alert.escalate[i].channels,
                     "/alert/escalate/" + std::to_string(i) + "/channels/");
    }
    check_channels(monitor_.channels, "/channels/");
    for (size_t i = 0; i < monitor_.depends_on.size(); ++i) {
      check_parent(monitor_.depends_on[i], "/depends_on/" + std::to_string(i));
    }
    return std::move(problems_);
  }

 private:
  void check_channels(const std::vector<std::string>& names, const std::string& place) {
    for (size_t i = 0; i < names.size(); ++i) {
      if (!channels_.contains(names[i])) {
        std::vector<std::string_view> known;
        known.reserve(channels_.size());
        for (const auto& [id, channel] : channels_) {
          known.push_back(id);
        }
        problems_.push_back(
            {place + std::to_string(i), "there is no channel " + quoted(names[i]),
             known.empty() ? "no channel is defined yet" : nearest_hint(names[i], known)});
      }
    }
  }

  void check_parent(const std::string& name, const std::string& place) {
    const MonitorEntry* const parent = table_.find(monitor_.project, name);
    if (name != monitor_.id && (parent == nullptr || parent->retired)) {
      problems_.push_back({place, "there is no monitor " + quoted(name), nearest_monitor(name)});
      return;
    }
    std::set<std::string> seen;
    if (name == monitor_.id || leads_back(*parent, seen)) {
      problems_.push_back(
          {place, "depends_on goes in a circle: " + quoted(name) + " waits for this monitor",
           "none of them could ever page"});
    }
  }

  // Whether somebody above `from` depends on the monitor. Goes up with a list of its own in place
  // of recursion: a chain may be as long as there are monitors.
  bool leads_back(const MonitorEntry& from, std::set<std::string>& seen) const {
    std::vector<const MonitorEntry*> open{&from};
    while (!open.empty()) {
      const Monitor& one = *open.back()->definition;
      open.pop_back();
      for (const std::string& name : one.depends_on) {
        if (name == monitor_.id) {
          return true;
        }
        const MonitorEntry* const parent = table_.find(monitor_.project, name);
        if (parent != nullptr && !parent->retired && seen.insert(name).second) {
          open.push_back(parent);
        }
      }
    }
    return false;
  }

  [[nodiscard]] std::string nearest_monitor(const std::string& name) const {
    std::vector<std::string_view> known;
    for (const MonitorEntry& entry : table_) {
      if (known.size() == kCandidatesMax) {
        break;
      }
      if (!entry.retired && entry.of_ui == is_of_ui(monitor_) &&
          entry.definition->project == monitor_.project) {
        known.push_back(entry.definition->id);
      }
    }
    return known.empty() ? std::string() : nearest_hint(name, known);
  }

  const Monitor& monitor_;
  const std::map<std::string, Channel>& channels_;
  const MonitorTable& table_;
  std::vector<NameProblem> problems_;
};

}  // namespace

std::vector<NameProblem> check_names(const Monitor& monitor,
                                     const std::map<std::string, Channel>& channels,
                                     const MonitorTable& table) {
  return NameCheck(monitor, channels, table).run();
}

}  // namespace tocsin
