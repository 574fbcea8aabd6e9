// The ranges that statistics are asked for, and where their buckets lie: on a UTC grid, so that two
// people who look at the same time see the same bars, and asking again does not move them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.h"

namespace tocsin {

struct StatsRange {
  std::string_view name;  // "1h"
  Duration length;        // a whole number of buckets
  Duration bucket;
  // Made of hours; else of single results, when these are not too many.
  bool is_of_hours;
};
std::span<const StatsRange> stats_ranges();
std::optional<StatsRange> stats_range_from_name(std::string_view name);
// The same range made of hours, for when its single results are too many to read at once; the hour
// ranges stay what they are.
StatsRange coarser(const StatsRange& range);

// from <= time < to.
struct TimeSpan {
  SystemTime from{}, to{};
  [[nodiscard]] bool holds(SystemTime at) const { return from <= at && at < to; }
  [[nodiscard]] Duration length() const { return to - from; }
  bool operator==(const TimeSpan&) const = default;
};

struct StatsWindow {
  TimeSpan now;  // its last bucket is the one that is running
  TimeSpan before;
  Duration bucket{};
  SystemTime until{};  // what has passed of `now` ends here

  [[nodiscard]] size_t buckets() const;
  [[nodiscard]] SystemTime bucket_start(size_t index) const;
  // Of a time that `now` holds.
  [[nodiscard]] size_t bucket_of(SystemTime at) const;
};

// `now.to` is the end of the running bucket (of hours: of the running hour); `now.from` lies so
// that the running bucket is the last of the range's; `before` is as long and ends where `now`
// begins.
StatsWindow stats_window(const StatsRange& range, SystemTime at);

}  // namespace tocsin
