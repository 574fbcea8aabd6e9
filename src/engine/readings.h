// Readings: what clients see of all monitors, read on the loop in pieces that hold it for
// kLoopPieceTime at most.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/overview.h"
#include "engine/views.h"
#include "ports/clock.h"

namespace tocsin {

class MonitorTable;
struct RunCounters;

class Readings {
 public:
  // All outlive it.
  Readings(const MonitorTable& table, const Clock& clock) : table_(table), clock_(clock) {}

  // One piece; true while there is more. What each finds is of the moment of its piece.
  [[nodiscard]] bool read_on(MonitorList& list) const;
  [[nodiscard]] bool read_on(ChosenMonitors& chosen) const;
  [[nodiscard]] bool read_on(Overview& overview) const;
  [[nodiscard]] bool read_on(NameCounts& counts) const;

  [[nodiscard]] std::optional<MonitorView> monitor(std::string_view id_or_uid) const;
  // The logical id of a live monitor with this target, other than `except`; empty: none.
  [[nodiscard]] std::string other_with_target(const Target& target, MonitorUid except) const;

 private:
  // Shows the numbers from `place` to `count` to `see`, while it wants more and the piece has time.
  // True: the time was over first.
  bool walk(size_t& place, size_t count, const std::function<bool(size_t)>& see) const;
  template <class Counting>
  bool count_on(Counting& counting) const;

  const MonitorTable& table_;
  const Clock& clock_;
};

// What the health of the engine says of its monitors and of their runs.
void count_monitors(const MonitorTable& table, EngineHealth& health);
void count_runs(const RunCounters& runs, EngineHealth& health);

}  // namespace tocsin
