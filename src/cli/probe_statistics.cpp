#include "cli/probe_statistics.h"

#include <algorithm>

#include "base/check.h"

namespace tocsin::cli {

Duration percentile(std::span<const Duration> sorted, uint32_t percent) {
  CHECK(!sorted.empty() && percent <= 100, "a percentile is of something");
  const size_t rank = (sorted.size() * percent + 99) / 100;  // rounded up
  return sorted[rank == 0 ? 0 : rank - 1];
}

void ProbeStatistics::add(const Attempt& attempt) {
  ++probes;
  switch (attempt.evaluation.verdict) {
    case Verdict::passed:
      ++passed;
      break;
    case Verdict::degraded:
      ++degraded;
      break;
    case Verdict::failed:
      ++failed;
      break;
    case Verdict::unknown:
      ++unknown;
      break;
  }
  const Verdict verdict = attempt.evaluation.verdict;
  if (verdict == Verdict::passed || verdict == Verdict::degraded) {
    times_.push_back(attempt.result.response_time);
  } else if (attempt.evaluation.error) {
    ++errors[std::string(error_name(attempt.evaluation.error->code))];
  }
}

std::optional<ProbeStatistics::Times> ProbeStatistics::times() const {
  if (times_.empty()) {
    return std::nullopt;
  }
  std::vector<Duration> sorted = times_;
  std::ranges::sort(sorted);
  return Times{.min = sorted.front(),
               .p50 = percentile(sorted, 50),
               .p95 = percentile(sorted, 95),
               .p99 = percentile(sorted, 99),
               .max = sorted.back()};
}

}  // namespace tocsin::cli
