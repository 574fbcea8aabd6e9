// LagWindow: how late ticks started (slot to start), as percentiles over the last minute and as
// counts since start.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace tocsin {

class LagWindow {
 public:
  LagWindow();
  void add(Duration lag, SteadyTime now);

  struct Summary {
    Duration p50{}, p99{}, max{};
  };
  [[nodiscard]] Summary summary(SteadyTime now) const;
  [[nodiscard]] const std::vector<uint64_t>& buckets() const { return since_start_; }
  // Of all lags since start.
  [[nodiscard]] Duration sum() const { return sum_; }

 private:
  static constexpr size_t kSlices = 6;  // of kSliceTime each
  static constexpr Duration kSliceTime = 10s;
  static constexpr size_t kFine = 160;  // log-linear: 8 steps per doubling, 1 µs to 1,048 s
  struct Slice {
    int64_t number = -1;
    std::array<uint32_t, kFine> counts{};
    Duration max{};
  };
  static size_t fine_index(Duration lag);
  static Duration fine_bound(size_t index);

  std::array<Slice, kSlices> slices_;
  std::vector<uint64_t> since_start_;
  Duration sum_{};
};

}  // namespace tocsin
