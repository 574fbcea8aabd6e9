// MonitorTable: the live monitors, found by index, uid and id. Entries never move or vanish: a
// retired one stays, so that its id coming back continues its history.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/boxed.h"
#include "core/monitor_brief.h"
#include "core/plan.h"
#include "core/retry.h"
#include "core/schedule.h"
#include "engine/index_table.h"
#include "engine/last_attempt.h"
#include "engine/maybe_time.h"
#include "engine/stable_array.h"
#include "engine/state_cell.h"
#include "engine/views.h"
#include "model/definition_cell.h"
#include "model/monitor.h"
#include "model/status.h"
#include "store/store.h"

namespace tocsin {

// The run of one monitor that is going on.
struct ActiveRun {
  SystemTime slot{};
  uint32_t clock_epoch = 0;
  bool attempt_in_flight = false;  // false: waiting for the time of a retry
  SteadyTime retry_at{};
  RunSoFar so_far{};
};

// What was found out about the newest failure that was the first after a good attempt.
struct LookedInto {
  ResultId of;
  SteadyTime begun{};
  bool is_over = false;   // a good attempt came since
  SystemTime found_at{};  // when the summary was known
  std::string summary;    // empty: not known yet, or not looked into
};

// There may be a million: what only few have is kept apart, and what a check looks at each time
// comes first.
struct MonitorEntry {
  [[no_unique_address]] DefinitionCell definition;
  bool retired : 1 = false;
  bool run_owed : 1 = false;      // it runs as soon as it can, in a slot of its own
  bool state_unkept : 1 = false;  // a skip was counted: goes along with what is kept next
  // As MonitorBrief has them.
  bool enabled : 1 = true;
  bool muted : 1 = false;
  bool of_ui : 1 = false;
  bool decides_alone : 1 = false;
  bool names_channels : 1 = false;
  uint32_t index = 0;
  MonitorUid uid;
  Duration interval{};
  MaybeTime last_slot;             // newest slot that ran or was skipped
  MaybeTime next_tick;             // nothing: not on the schedule
  std::unique_ptr<ActiveRun> run;  // made and taken back by Runner
  StateCell state;
  LastAttempt last;          // without received bytes and transcript
  Boxed<Incident> incident;  // the open one
  Boxed<LookedInto> looked_into;

  [[nodiscard]] Schedule schedule() const { return schedule_of(uid, interval); }
  [[nodiscard]] bool paused() const { return !enabled || state.paused(); }
  // To rest, when nothing keeps it from that.
  void settle_state() {
    if (decides_alone) {
      state.settle();
    }
  }
};

// A copy to carry away.
MonitorView view_of(const MonitorEntry& entry);

class MonitorTable {
 public:
  // So many will be there soon.
  void reserve(size_t monitors);
  // What the table does not keep stays in `monitor`.
  MonitorEntry& add(LoadedMonitor&& monitor);
  MonitorEntry& add(MonitorUid uid, std::shared_ptr<const Monitor> definition, MonitorState state,
                    bool retired);
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
  // A live one with this target, other than `except`; nullptr: there is none.
  [[nodiscard]] const MonitorEntry* find_other(const Target& target, MonitorUid except) const;
  // Whose open incident this is; nullptr: nobody's.
  [[nodiscard]] MonitorEntry* find_open(const IncidentId& incident);
  // The newest of each monitor that closed since the start is remembered.
  [[nodiscard]] const ClosedIncident* find_closed(const IncidentId& incident) const;
  void remember_closed(const MonitorEntry& entry, ClosedIncident closed) {
    closed_.insert_or_assign(entry.index, std::move(closed));
  }
  // Sets the place of the first piece, and folds what is searched for. False: nothing can match.
  [[nodiscard]] bool begin_list(MonitorList& list) const;
  // `filter` as begin_list left it.
  [[nodiscard]] bool fits(const MonitorEntry& entry, const MonitorFilter& filter) const;
  [[nodiscard]] size_t size() const { return entries_.size(); }
  [[nodiscard]] auto begin() { return entries_.begin(); }
  [[nodiscard]] auto end() { return entries_.end(); }
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }

 private:
  [[nodiscard]] const MonitorEntry* at_or_null(uint32_t index) const {
    return index == IndexTable::kNone ? nullptr : &entries_[index];
  }

  void define(MonitorEntry& entry, DefinitionCell definition, MonitorBrief brief);
  [[nodiscard]] uint64_t hash_of_id(uint32_t index) const;

  StableArray<MonitorEntry> entries_;
  std::vector<std::string> sought_;  // MonitorBrief::sought
  IndexTable by_uid_, by_id_;
  std::unordered_map<uint32_t, ClosedIncident> closed_;
};

}  // namespace tocsin
