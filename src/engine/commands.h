// MonitorCommands: what people do to monitors over the API, on the loop. Definitions are changed
// for monitors of `ui` only: those of a project belong to its files (conflict, with file and line).
// Pausing, muting and running now are state: allowed for all, kept over reloads and restarts.
//
// `done` comes on the loop: at once with an Error when nothing was done (not_found, conflict,
// too_large), else when the change is durable; its Error is disk_full or io when it holds but could
// not be kept.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/views.h"
#include "model/reach_role.h"
#include "ports/clock.h"

namespace tocsin {

class Definitions;
class Life;
class MonitorTable;
class PendingBatch;
class Runner;
class WallMap;
struct Moment;
struct MonitorEntry;

using MonitorDone = std::function<void(const Result<MonitorView>&)>;
using MonitorsDone = std::function<void(const Result<std::vector<MonitorView>>&)>;

class MonitorCommands {
 public:
  MonitorCommands(MonitorTable& table, PendingBatch& batch, Life& life, Runner& runner,
                  Definitions& definitions, const Clock& clock, const WallMap& wall)
      : table_(table),
        batch_(batch),
        life_(life),
        runner_(runner),
        definitions_(definitions),
        clock_(clock),
        wall_(wall) {}

  // All or none. conflict: a live monitor, of whatever project, has one of the ids. The id of a
  // removed one continues its history.
  void create(std::vector<Monitor> wanted, ReachRole author, const MonitorsDone& done);
  // The id stays. Who changes what is connected to or said there becomes its author for the reach
  // gate; other changes leave the author as it was.
  void change(MonitorUid uid, Monitor wanted, ReachRole author, const MonitorDone& done);
  void remove(MonitorUid uid, const MonitorDone& done);
  // A removed one goes on, with its history and as its author left it. conflict: its id is taken.
  void restore(MonitorUid uid, const MonitorDone& done);

  void set_paused(MonitorUid uid, bool paused, const MonitorDone& done);
  void set_muted(MonitorUid uid, bool muted, const MonitorDone& done);
  // At once, unless a run is going on or began within the last second. conflict: it is paused.
  void run_now(MonitorUid uid, const MonitorDone& done);

 private:
  [[nodiscard]] Moment moment() const;
  Result<MonitorEntry*> live(MonitorUid uid);
  Result<MonitorEntry*> own(MonitorUid uid);
  [[nodiscard]] bool is_taken(const std::string& id) const;
  MonitorEntry& make(const Monitor& wanted, Moment now);
  void finish(MonitorEntry& entry, Moment now, const MonitorDone& done);

  MonitorTable& table_;
  PendingBatch& batch_;
  Life& life_;
  Runner& runner_;
  Definitions& definitions_;
  const Clock& clock_;
  const WallMap& wall_;
};

// "The monitor belongs to project shop (shop.yaml:12): change it there."
std::string owner_sentence(const Monitor& monitor);

}  // namespace tocsin
