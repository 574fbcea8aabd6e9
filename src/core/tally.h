// Tally: results counted so that two tallies add up to a third without loss, whatever they are of:
// an hour, a bucket of a chart, a period. Quantiles come from the joined histogram, never from
// averages of quantiles. Only final attempts are counted; times are those of passed and degraded
// ones, since the time of a failure is that of the failure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/error_code.h"
#include "base/time.h"
#include "core/histogram.h"
#include "model/result.h"
#include "model/verdict.h"

namespace tocsin {

// One phase of those results in which it happened; a count of 0 says nothing is known, as of hours
// written before phases were counted.
struct PhaseTally {
  Duration sum{};
  uint64_t count = 0;
  bool operator==(const PhaseTally&) const = default;
};

struct Tally {
  uint64_t passed = 0, degraded = 0, failed = 0, unknown = 0;
  Duration sum{}, min{}, max{};        // response_time of passed and degraded
  std::array<PhaseTally, 4> phases{};  // by Phase
  Histogram histogram;                 // of the same response times

  void add(Verdict verdict, Duration response_time, const Phases& durations);
  void add(const Tally& other);

  [[nodiscard]] uint64_t runs() const { return passed + degraded + failed + unknown; }
  [[nodiscard]] uint64_t timed() const { return passed + degraded; }
  // (passed + degraded) of those that are known, in millionths, rounded down so that 1,000,000
  // means that nothing failed; nothing when nothing is known.
  [[nodiscard]] std::optional<uint64_t> availability_millionths() const;
  // Nearest rank, within 2 %, and never beyond the true extremes; nothing without times.
  [[nodiscard]] std::optional<Duration> quantile(uint32_t per_thousand) const;
  [[nodiscard]] std::optional<Duration> highest() const;
  [[nodiscard]] std::optional<Duration> mean(Phase phase) const;
  bool operator==(const Tally&) const = default;
};

// What one hour at one location was.
struct HourTally {
  SystemTime hour{};
  uint16_t location = 0;
  Tally tally;
};

}  // namespace tocsin
