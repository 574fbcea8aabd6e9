// What to do next about the segments that stand there: which to put together, and when to count
// them. Pure, so that years of it are tried in a test.
//
// Small ones are put together kSegmentFan at a time, level by level, so a result is written anew
// some four times in its life and a monitor is looked for in few places. What is not counted yet is
// not put together with what is; once counted, what came since the last count becomes one.
#pragma once

#include <optional>
#include <span>

#include "store/segment_table.h"

namespace tocsin {

inline constexpr size_t kSegmentFan = 32;
inline constexpr int64_t kSegmentCountMax = 65'536;  // passes; about half a MiB, 25 ms to join
inline constexpr int64_t kCountedLevel = 3;          // of those counted together
inline constexpr Duration kCountEvery = 10min;       // of slots; the fewer roll-ups are rewritten
inline constexpr int64_t kUncountedMax = 4'000'000;  // passes

struct JoinPlan {
  size_t first = 0, count = 0;  // of the rows given
  int64_t level = 0;            // what they become
};

// `rows` by number.
std::optional<JoinPlan> plan_join(std::span<const SegmentRow> rows, const Counted& counted);
// The segment up to which to count; nothing while that can wait, or is under way.
std::optional<int64_t> plan_count(std::span<const SegmentRow> rows, const Counted& counted);

}  // namespace tocsin
