// MonitorTable: the live monitors, found by index, uid and id. Entries never move or vanish: a
// retired one stays, so that its id coming back continues its history.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/plan.h"
#include "core/retry.h"
#include "core/schedule.h"
#include "engine/last_attempt.h"
#include "engine/views.h"
#include "model/monitor.h"
#include "model/status.h"

namespace tocsin {

// The run of one monitor that is going on.
struct ActiveRun {
  SystemTime slot{};
  uint32_t clock_epoch = 0;
  RunSoFar so_far{};
  bool attempt_in_flight = false;  // false: waiting for the time of a retry
};

// What was found out about the newest failure that was the first after a good attempt.
struct LookedInto {
  ResultId of;
  SteadyTime begun{};
  bool is_over = false;   // a good attempt came since
  SystemTime found_at{};  // when the summary was known
  std::string summary;    // empty: not known yet, or not looked into
};

struct MonitorEntry {
  uint32_t index = 0;
  MonitorUid uid;
  std::shared_ptr<const Monitor> definition;
  std::string sought;  // what a search looks through: id, name and target, a line each, case folded
  Schedule schedule{};
  MonitorState state;
  bool retired = false;
  std::optional<SystemTime> last_slot;  // newest slot that ran or was skipped
  std::optional<ActiveRun> run;
  bool run_owed = false;                 // it runs as soon as it can, in a slot of its own
  bool state_unkept = false;             // a skip was counted: goes along with what is kept next
  std::optional<Incident> incident;      // the open one
  std::optional<ClosedIncident> closed;  // the newest that closed since the start
  std::unique_ptr<LookedInto> looked_into;
  LastAttempt last;  // without received bytes and transcript
  bool paused() const { return !definition->enabled || state.paused; }
};

// A copy to carry away.
MonitorView view_of(const MonitorEntry& entry, std::optional<SystemTime> next_run);

// `filter` as begin_list left it.
bool fits(const MonitorEntry& entry, const MonitorFilter& filter);

class MonitorTable {
 public:
  MonitorEntry& add(MonitorUid uid, Monitor definition, MonitorState state, bool retired);
  void redefine(MonitorEntry& entry, Monitor definition);

  [[nodiscard]] MonitorEntry& at(uint32_t index) { return entries_[index]; }
  [[nodiscard]] const MonitorEntry& at(uint32_t index) const { return entries_[index]; }
  [[nodiscard]] MonitorEntry* find(MonitorUid uid);
  [[nodiscard]] const MonitorEntry* find(MonitorUid uid) const;
  // A uid in decimal, or a logical id (of any project, live ones first).
  [[nodiscard]] const MonitorEntry* find(std::string_view id_or_uid) const;
  // A live one with this logical id, of any project.
  [[nodiscard]] const MonitorEntry* find_live(std::string_view id) const;
  [[nodiscard]] MonitorEntry* find(std::string_view project, std::string_view id);
  [[nodiscard]] const MonitorEntry* find(std::string_view project, std::string_view id) const;
  // Whose open incident this is; nullptr: nobody's.
  [[nodiscard]] MonitorEntry* find_open(const IncidentId& incident);
  [[nodiscard]] const ClosedIncident* find_closed(const IncidentId& incident) const;
  [[nodiscard]] std::vector<KnownMonitor> known() const;
  // Sets the place of the first piece, and folds what is searched for. False: nothing can match.
  [[nodiscard]] bool begin_list(MonitorList& list) const;
  [[nodiscard]] size_t size() const { return entries_.size(); }
  [[nodiscard]] auto begin() { return entries_.begin(); }
  [[nodiscard]] auto end() { return entries_.end(); }
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }

 private:
  std::deque<MonitorEntry> entries_;
  std::unordered_map<MonitorUid, uint32_t> by_uid_;
  std::unordered_multimap<std::string, uint32_t> by_id_;
};

}  // namespace tocsin
