#include "core/stats_window.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

namespace tocsin {
namespace {

constexpr Duration kDay = 24h;

constexpr std::array kRanges = {
    StatsRange{.name = "1h", .length = 1h, .bucket = 60s, .is_of_hours = false},
    StatsRange{.name = "6h", .length = 6h, .bucket = 300s, .is_of_hours = false},
    StatsRange{.name = "24h", .length = kDay, .bucket = 900s, .is_of_hours = false},
    StatsRange{.name = "7d", .length = 7 * kDay, .bucket = 3h, .is_of_hours = true},
    StatsRange{.name = "30d", .length = 30 * kDay, .bucket = 12h, .is_of_hours = true},
    StatsRange{.name = "90d", .length = 90 * kDay, .bucket = kDay, .is_of_hours = true},
};

SystemTime floor_to(SystemTime at, Duration grid) {
  // Toward the past on both sides of 1970.
  const Duration since = at.time_since_epoch();
  const Duration rest = since % grid;
  return SystemTime(since - (rest < Duration{0} ? rest + grid : rest));
}

}  // namespace

std::span<const StatsRange> stats_ranges() { return kRanges; }

std::optional<StatsRange> stats_range_from_name(std::string_view name) {
  const auto* const found = std::ranges::find(kRanges, name, &StatsRange::name);
  return found == kRanges.end() ? std::nullopt : std::optional(*found);
}

StatsRange coarser(const StatsRange& range) {
  StatsRange of_hours = range;
  of_hours.bucket = std::max<Duration>(range.bucket, 1h);
  of_hours.is_of_hours = true;
  return of_hours;
}

size_t StatsWindow::buckets() const {
  return static_cast<size_t>((now.length() + bucket - Duration{1}) / bucket);
}

SystemTime StatsWindow::bucket_start(size_t index) const {
  return now.from + bucket * static_cast<int64_t>(index);
}

size_t StatsWindow::bucket_of(SystemTime at) const {
  return static_cast<size_t>((at - now.from) / bucket);
}

StatsWindow stats_window(const StatsRange& range, SystemTime at) {
  const Duration unit = range.is_of_hours ? Duration(1h) : range.bucket;
  const SystemTime last_bucket = floor_to(at, range.bucket);
  StatsWindow window;
  window.bucket = range.bucket;
  window.until = at;
  window.now.from = last_bucket + range.bucket - range.length;
  window.now.to = floor_to(at, unit) + unit;
  window.before = {.from = window.now.from - window.now.length(), .to = window.now.from};
  return window;
}

}  // namespace tocsin
