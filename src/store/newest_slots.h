// What is newest of all monitors among the plain passes, for a start, when all are wanted at once:
// segments are read from the newest on, each once and as far as something in it can still be
// newest. Of those that the newest segments do not settle (new, down, paused, seldom checked) the
// stored states and the hours in which they passed tell how much further there is to look.
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
  // Of the counted segments that are read before anything is asked about single monitors.
  static constexpr size_t kUnaskedMax = 64;

  // For monitors that are in order; they outlive it.
  static Result<NewestSlots> read(sqlite::Database& database, std::span<const MonitorUid> monitors,
                                  uint32_t clock_epoch, size_t unasked_max = kUnaskedMax);

  // The passes of the newest slot in the clock epoch of the monitor at `place`, one of each
  // location; of an older one, or empty, where its stored state has all there is.
  [[nodiscard]] std::span<const PlainPass> of(size_t place) const;

 private:
  NewestSlots(std::span<const MonitorUid> monitors, uint32_t clock_epoch);

  using Places = std::vector<size_t>;

  // A monitor of which something newer may stand in the segments that are left: all of it in this
  // hour or before, and in no slot before `known`.
  struct Sought {
    size_t place = 0;
    SystemTime known{}, hour{};
  };
  struct Walk;

  Result<void> read_uncounted(sqlite::Rows&& rows, Walk& walk);
  Result<void> read_counted(sqlite::Database& database, sqlite::Rows& rows, Walk& walk,
                            size_t unasked_max);
  Result<void> read_segment(const sqlite::Rows& row, const Places& open);
  // Moves from `walk.open` to `walk.sought` what a segment that ends at `last` does not settle.
  Result<void> ask_about(sqlite::Database& database, Walk& walk, SystemTime last);
  // Passes of older slots than this say nothing.
  Result<SystemTime> known_of(sqlite::Database& database, Walk& walk, size_t place) const;
  // Into `walk.sought`, when there is such an hour before `before`.
  Result<void> seek_before(sqlite::Database& database, Walk& walk, Sought one, SystemTime before);
  // Places of those that are sought in such a segment.
  Result<Places> sought_in(sqlite::Database& database, Walk& walk, const SlotSpan& span);
  void keep_open(Places& open, SystemTime last) const;
  [[nodiscard]] Places all_places() const;
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
