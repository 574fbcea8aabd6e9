#include "store/segment_plan.h"

#include <algorithm>

namespace tocsin {
namespace {

// What is under way of being counted is left alone.
enum class Zone : uint8_t { counted, under_way, fresh };

Zone zone_of(const SegmentRow& row, const Counted& counted) {
  if (row.number <= counted.through) {
    return Zone::counted;
  }
  return row.number <= counted.target ? Zone::under_way : Zone::fresh;
}

bool is_full(const SegmentRow& row) { return row.count > kSegmentCountMax / 2; }

// A stretch of one zone that may be put together: how far it goes and whether it is time.
struct Stretch {
  size_t end = 0;
  bool is_due = false;
};

// `same` tells whether a row goes with the first; the stretch ends where the whole would be too
// large.
template <class Same>
Stretch stretch_from(std::span<const SegmentRow> rows, size_t first, size_t fan, Same same) {
  SlotSpan span = rows[first].span;
  int64_t count = rows[first].count;
  size_t at = first + 1;
  for (; at < rows.size() && same(rows[at]); ++at) {
    if (at - first == fan) {
      return {.end = at, .is_due = true};
    }
    span = {.first = std::min(span.first, rows[at].span.first),
            .last = std::max(span.last, rows[at].span.last)};
    count += rows[at].count;
    if (count > kSegmentCountMax || span.last - span.first > kSegmentSpanMax) {
      return {.end = at, .is_due = at - first > 1};
    }
  }
  return {.end = at, .is_due = at - first == fan};
}

}  // namespace

std::optional<JoinPlan> plan_join(std::span<const SegmentRow> rows, const Counted& counted) {
  for (size_t first = 0; first < rows.size(); ++first) {
    const Zone zone = zone_of(rows[first], counted);
    if (zone == Zone::under_way || is_full(rows[first])) {
      continue;
    }
    const auto stands_with = [&](const SegmentRow& row) {
      return zone_of(row, counted) == zone && !is_full(row);
    };
    const int64_t level = rows[first].level;
    if (zone == Zone::counted && level < kCountedLevel) {
      // Those of one count, which are complete.
      const Stretch run = stretch_from(rows, first, rows.size(), [&](const SegmentRow& row) {
        return stands_with(row) && row.level < kCountedLevel;
      });
      if (run.end - first > 1) {
        return JoinPlan{.first = first, .count = run.end - first, .level = kCountedLevel};
      }
    }
    const auto level_of = [&](const SegmentRow& row) {
      return zone == Zone::counted ? std::max(row.level, kCountedLevel) : row.level;
    };
    const Stretch run = stretch_from(rows, first, kSegmentFan, [&](const SegmentRow& row) {
      return stands_with(row) && level_of(row) == level_of(rows[first]);
    });
    if (run.is_due) {
      return JoinPlan{.first = first, .count = run.end - first, .level = level_of(rows[first]) + 1};
    }
  }
  return std::nullopt;
}

std::optional<int64_t> plan_count(std::span<const SegmentRow> rows, const Counted& counted) {
  if (counted.is_under_way() || rows.empty() || rows.back().number <= counted.through) {
    return std::nullopt;
  }
  SystemTime oldest = SystemTime::max();
  int64_t passes = 0;
  for (const SegmentRow& row : rows) {
    if (row.number > counted.through) {
      oldest = std::min(oldest, row.span.first);
      passes += row.count;
    }
  }
  const bool is_due = rows.back().span.last - oldest >= kCountEvery || passes >= kUncountedMax;
  return is_due ? std::optional(rows.back().number) : std::nullopt;
}

}  // namespace tocsin
