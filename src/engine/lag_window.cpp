#include "engine/lag_window.h"

#include <algorithm>
#include <bit>
#include <iterator>

#include "engine/views.h"

namespace tocsin {

LagWindow::LagWindow() : since_start_(std::size(kLagBuckets) + 1, 0) {}

// Doublings of a microsecond, each cut in eight: the bound is at most 12.5 % above the value.
size_t LagWindow::fine_index(Duration lag) {
  const auto us = static_cast<uint64_t>(std::max<int64_t>(lag.count(), 1));
  const auto doubling = static_cast<size_t>(std::bit_width(us) - 1);
  const uint64_t step = doubling >= 3 ? (us >> (doubling - 3)) & 7 : (us << (3 - doubling)) & 7;
  return std::min<size_t>(doubling * 8 + step, kFine - 1);
}

Duration LagWindow::fine_bound(size_t index) {
  const size_t doubling = index / 8;
  const uint64_t step = index % 8 + 1;
  const uint64_t base = uint64_t{1} << doubling;
  return Duration(static_cast<int64_t>(base + base * step / 8));
}

void LagWindow::add(Duration lag, SteadyTime now) {
  const int64_t number = now.time_since_epoch() / kSliceTime;
  Slice& slice = slices_[static_cast<size_t>(number) % kSlices];
  if (slice.number != number) {
    slice = Slice{};
    slice.number = number;
  }
  ++slice.counts[fine_index(lag)];
  slice.max = std::max(slice.max, lag);
  const auto bound = std::ranges::lower_bound(kLagBuckets, lag.count());
  ++since_start_[static_cast<size_t>(bound - std::begin(kLagBuckets))];
  sum_ += std::max(lag, Duration(0));  // a sum that falls is a restart to its readers
}

LagWindow::Summary LagWindow::summary(SteadyTime now) const {
  const int64_t newest = now.time_since_epoch() / kSliceTime;
  std::array<uint64_t, kFine> counts{};
  Summary result;
  uint64_t total = 0;
  for (const Slice& slice : slices_) {
    if (slice.number <= newest - static_cast<int64_t>(kSlices) || slice.number > newest) {
      continue;
    }
    for (size_t i = 0; i < kFine; ++i) {
      counts[i] += slice.counts[i];
      total += slice.counts[i];
    }
    result.max = std::max(result.max, slice.max);
  }
  const auto percentile = [&](uint64_t percent) {
    const uint64_t rank = (total * percent + 99) / 100;
    uint64_t seen = 0;
    for (size_t i = 0; i < kFine; ++i) {
      seen += counts[i];
      if (seen >= rank) {
        return std::min(fine_bound(i), result.max);
      }
    }
    return result.max;
  };
  if (total > 0) {
    result.p50 = percentile(50);
    result.p99 = percentile(99);
  }
  return result;
}

}  // namespace tocsin
