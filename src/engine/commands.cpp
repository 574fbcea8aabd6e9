#include "engine/commands.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "engine/definitions.h"
#include "engine/monitor_table.h"
#include "engine/wall_map.h"

namespace tocsin {

std::string owner_sentence(const Monitor& monitor) {
  std::string where = "project " + monitor.project;
  if (!monitor.origin.file.empty()) {
    where += " (" + monitor.origin.file + ":" + std::to_string(monitor.origin.line) + ")";
  }
  return "The monitor belongs to " + where + ": change it there.";
}

Moment MonitorCommands::moment() const {
  const SteadyTime now = clock_.steady_now();
  return {wall_.wall(now), now};
}

Result<MonitorEntry*> MonitorCommands::live(MonitorUid uid) {
  MonitorEntry* const entry = table_.find(uid);
  if (entry == nullptr || entry->retired) {
    return fail(ErrorKind::not_found, "There is no monitor with this id.");
  }
  return entry;
}

Result<MonitorEntry*> MonitorCommands::own(MonitorUid uid) {
  Result<MonitorEntry*> entry = live(uid);
  if (entry && !is_of_ui(*(*entry)->definition)) {
    return fail(ErrorKind::conflict, owner_sentence(*(*entry)->definition));
  }
  return entry;
}

bool MonitorCommands::is_taken(const std::string& id) const {
  return table_.find_live(id) != nullptr;
}

// The state too: an older one may wait in the same batch, and the last one wins.
void MonitorCommands::finish(MonitorEntry& entry, Moment now, const MonitorDone& done) {
  life_.keep_state(entry, now, true);
  batch_.when_durable([done, made = view_of(entry)](const Result<void>& kept) {
    kept ? done(made) : done(std::unexpected(kept.error()));
  });
}

MonitorEntry& MonitorCommands::make(const Monitor& wanted, Moment now) {
  MonitorEntry* const before = table_.find(kUiProject, wanted.id);
  if (before == nullptr) {
    return definitions_.add(wanted, now);
  }
  // Its history goes on; what somebody once set does not.
  MonitorState& state = before->state.edit();
  state.paused = state.muted = false;
  definitions_.redefine(*before, wanted, now);
  return *before;
}

void MonitorCommands::create(std::vector<Monitor> wanted, ReachRole author,
                             const MonitorsDone& done) {
  for (const Monitor& monitor : wanted) {
    if (is_taken(monitor.id)) {
      done(fail(ErrorKind::conflict, "There is a monitor with the id " + monitor.id + " already."));
      return;
    }
  }
  if (table_.size() + wanted.size() > kMonitorsMax) {
    done(fail(ErrorKind::too_large,
              "There are " + std::to_string(kMonitorsMax) + " monitors already; no more fit."));
    return;
  }
  const Moment now = moment();
  std::vector<MonitorView> made;
  for (Monitor& monitor : wanted) {
    monitor.project = kUiProject;
    monitor.origin = {.file = {}, .line = 0, .author = author};
    MonitorEntry& entry = make(monitor, now);
    life_.keep_state(entry, now, true);
    made.push_back(view_of(entry));
  }
  batch_.when_durable([done, made = std::move(made)](const Result<void>& kept) {
    kept ? done(made) : done(std::unexpected(kept.error()));
  });
}

void MonitorCommands::change(MonitorUid uid, Monitor wanted, ReachRole author,
                             const MonitorDone& done) {
  const Result<MonitorEntry*> found = own(uid);
  if (!found) {
    done(std::unexpected(found.error()));
    return;
  }
  MonitorEntry& entry = **found;
  const bool same_check = says_the_same(*entry.definition, wanted);
  wanted.project = kUiProject;
  wanted.id = entry.definition->id;
  wanted.origin = entry.definition->origin;
  wanted.origin.author = same_check ? wanted.origin.author : author;
  // People want to see what came of their change, not to wait for the next slot of a day.
  entry.run_owed = entry.run_owed || !same_check;
  const Moment now = moment();
  definitions_.redefine(entry, wanted, now);
  finish(entry, now, done);
}

void MonitorCommands::remove(MonitorUid uid, const MonitorDone& done) {
  const Result<MonitorEntry*> found = own(uid);
  if (!found) {
    done(std::unexpected(found.error()));
    return;
  }
  const Moment now = moment();
  definitions_.retire(**found, now);
  finish(**found, now, done);
}

void MonitorCommands::restore(MonitorUid uid, const MonitorDone& done) {
  MonitorEntry* const entry = table_.find(uid);
  if (entry == nullptr) {
    done(fail(ErrorKind::not_found, "There is no monitor with this id."));
    return;
  }
  if (!is_of_ui(*entry->definition)) {
    done(fail(ErrorKind::conflict, owner_sentence(*entry->definition)));
    return;
  }
  if (entry->retired && is_taken(entry->definition->id)) {
    done(fail(ErrorKind::conflict,
              "Another monitor has the id " + entry->definition->id + " by now."));
    return;
  }
  const Moment now = moment();
  if (entry->retired) {
    definitions_.redefine(*entry, Monitor(*entry->definition), now);
  }
  finish(*entry, now, done);
}

void MonitorCommands::set_paused(MonitorUid uid, bool paused, const MonitorDone& done) {
  const Result<MonitorEntry*> found = live(uid);
  if (!found) {
    done(std::unexpected(found.error()));
    return;
  }
  MonitorEntry& entry = **found;
  const Moment now = moment();
  // Who resumes wants an answer now, also when the next slot is a day away.
  entry.run_owed = entry.run_owed || (entry.state.paused() && !paused);
  entry.state.edit().paused = paused;
  definitions_.settle(entry, now);
  finish(entry, now, done);
}

void MonitorCommands::set_muted(MonitorUid uid, bool muted, const MonitorDone& done) {
  const Result<MonitorEntry*> found = live(uid);
  if (!found) {
    done(std::unexpected(found.error()));
    return;
  }
  const Moment now = moment();
  (*found)->state.edit().muted = muted;
  finish(**found, now, done);
}

void MonitorCommands::run_now(MonitorUid uid, const MonitorDone& done) {
  const Result<MonitorEntry*> found = live(uid);
  if (!found) {
    done(std::unexpected(found.error()));
    return;
  }
  if ((*found)->paused()) {
    done(fail(ErrorKind::conflict, (*found)->definition->enabled
                                       ? "The monitor is paused: resume it first."
                                       : "The monitor is disabled: enabled is false in its "
                                         "definition."));
    return;
  }
  runner_.run_soon(**found, moment());
  done(view_of(**found));
}

}  // namespace tocsin
