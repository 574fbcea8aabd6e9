#include "core/tally.h"

#include <algorithm>
#include <cstddef>

namespace tocsin {
namespace {

constexpr uint64_t kMillion = 1'000'000;

}  // namespace

void Tally::add(Verdict verdict, Duration response_time, const Phases& durations) {
  if (verdict == Verdict::failed || verdict == Verdict::unknown) {
    ++(verdict == Verdict::failed ? failed : unknown);
    return;
  }
  const bool is_first = timed() == 0;
  min = is_first ? response_time : std::min(min, response_time);
  max = is_first ? response_time : std::max(max, response_time);
  sum += response_time;
  histogram.add(response_time);
  ++(verdict == Verdict::passed ? passed : degraded);
  const std::array taken = {durations.dns, durations.connect, durations.tls, durations.data};
  for (size_t index = 0; index < phases.size(); ++index) {
    if (taken[index]) {
      phases[index].sum += *taken[index];
      ++phases[index].count;
    }
  }
}

void Tally::add(const Tally& other) {
  if (other.timed() > 0) {
    const bool is_first = timed() == 0;
    min = is_first ? other.min : std::min(min, other.min);
    max = is_first ? other.max : std::max(max, other.max);
  }
  passed += other.passed;
  degraded += other.degraded;
  failed += other.failed;
  unknown += other.unknown;
  sum += other.sum;
  histogram.merge(other.histogram);
  for (size_t index = 0; index < phases.size(); ++index) {
    phases[index].sum += other.phases[index].sum;
    phases[index].count += other.phases[index].count;
  }
}

std::optional<uint64_t> Tally::availability_millionths() const {
  const uint64_t known = timed() + failed;
  if (known == 0) {
    return std::nullopt;
  }
  return timed() * kMillion / known;
}

std::optional<Duration> Tally::quantile(uint32_t per_thousand) const {
  const std::optional<Duration> found = histogram.quantile(per_thousand);
  return found ? std::optional(std::clamp(*found, std::min(min, max), max)) : std::nullopt;
}

std::optional<Duration> Tally::highest() const {
  return timed() > 0 ? std::optional(max) : std::nullopt;
}

std::optional<Duration> Tally::mean(Phase phase) const {
  const PhaseTally& counted = phases.at(static_cast<size_t>(phase));
  if (counted.count == 0) {
    return std::nullopt;
  }
  return counted.sum / static_cast<int64_t>(counted.count);
}

}  // namespace tocsin
