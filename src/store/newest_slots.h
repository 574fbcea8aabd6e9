// What is newest of all monitors among the plain passes, for a start, when all are wanted at once:
// segments are read from the newest on, each as far as something in it can still be newest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "model/plain_pass.h"
#include "store/segment.h"
#include "store/sqlite.h"

namespace tocsin {

class NewestSlots {
 public:
  // For monitors that are in order; they outlive it.
  static Result<NewestSlots> read(sqlite::Database& database, std::span<const MonitorUid> monitors,
                                  uint32_t clock_epoch);

  // The passes of the newest slot in the clock epoch of the monitor at `place`, one of each
  // location; empty: it has none.
  [[nodiscard]] std::span<const PlainPass> of(size_t place) const;

 private:
  NewestSlots(std::span<const MonitorUid> monitors, uint32_t clock_epoch);

  using Places = std::vector<size_t>;

  // From the newest on. Places of those of which something newer may stand in the segments that
  // are left.
  Result<Places> read_segments(sqlite::Rows rows, size_t segments_max);
  Result<void> read_segment(const SegmentView& segment, const Places& open);
  Result<void> search_for(sqlite::Database& database, size_t place);
  // Places of those of which something newest may stand in a segment that ends at `last`.
  [[nodiscard]] Places open_at(SystemTime last) const;
  void take(const PlainPass& pass);
  void take(size_t place, const PlainPass& pass);
  size_t place_of(MonitorUid monitor);

  std::span<const MonitorUid> monitors_;
  uint32_t clock_epoch_;
  std::vector<SystemTime> slots_;  // the newest of each
  std::vector<PlainPass> passes_;  // of that slot, the first that was found
  std::unordered_map<size_t, std::vector<PlainPass>> several_;  // all of it, where it is more
  size_t last_ = 0;  // place of the newest one that was looked for
};

}  // namespace tocsin
