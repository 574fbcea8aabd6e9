// The table of segments: its rows without their bytes, the statements that change it, and how far
// the roll-ups have come.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "model/plain_pass.h"
#include "store/segment.h"
#include "store/sqlite.h"

namespace tocsin {

// From the first slot of a segment to its last at most, so that a range of time is found by either.
inline constexpr Duration kSegmentSpanMax = 24h;

struct SegmentRow {
  int64_t number = 0;
  int64_t level = 0;  // 0: as it was committed
  SlotSpan span;
  int64_t count = 0;
};

// Which passes are counted in `hours`: those of the segments up to `through`, and, while counting
// goes on, those of the segments up to `target` for the monitors before `monitor`.
struct Counted {
  int64_t through = 0;
  int64_t target = 0;
  MonitorUid monitor;

  [[nodiscard]] bool is_under_way() const { return target > through; }
  // The last segment that is counted for this monitor.
  [[nodiscard]] int64_t last_for(MonitorUid uid) const {
    return is_under_way() && uid < monitor ? target : through;
  }
};

Result<Counted> load_counted(sqlite::Database& database);
Result<void> store_counted(sqlite::Database& database, const Counted& counted);

// By number.
Result<std::vector<SegmentRow>> list_segments(sqlite::Database& database);
// From the newest on, by their ends: columns `passes`, `last`, `first`, of those that hold passes
// of this clock epoch or of newer ones. Those behind `through`, and those up to it.
sqlite::Rows segments_after_down(sqlite::Database& database, int64_t through,
                                 uint32_t clock_epoch = 0);
sqlite::Rows segments_through_down(sqlite::Database& database, int64_t through,
                                   uint32_t clock_epoch);
// The highest clock epoch of any; 0 without one.
Result<uint32_t> newest_epoch(sqlite::Database& database);

// `passes`, of which there is one at least, are no further apart than kSegmentSpanMax.
Result<SegmentRow> insert_segment(sqlite::Database& database, int64_t number,
                                  std::span<const PlainPass> passes);
// Puts `rows`, which follow upon each other, together in the place of the first.
Result<SegmentRow> join_segments(sqlite::Database& database, std::span<const SegmentRow> rows,
                                 int64_t level);

// Calls `take`, which gives a Result<void>, with each opened segment of a query whose column 0 is
// `passes`.
template <class Take>
Result<void> for_each_segment(sqlite::Rows&& rows, Take take) {
  return sqlite::for_each_row(std::move(rows), [&](const sqlite::Rows& row) -> Result<void> {
    const Result<SegmentView> view = SegmentView::open(row.text(0));
    return view ? take(*view) : Result<void>(std::unexpected(view.error()));
  });
}

}  // namespace tocsin
