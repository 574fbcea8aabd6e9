// ping-like statistics of the probes of one target. Pure.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/verdict.h"

namespace tocsin::cli {

// The smallest value that at least `percent` of all values do not exceed (nearest rank). `sorted`
// is not empty.
Duration percentile(std::span<const Duration> sorted, uint32_t percent);

class ProbeStatistics {
 public:
  void add(const Attempt& attempt);

  struct Times {
    Duration min{}, p50{}, p95{}, p99{}, max{};
  };
  size_t probes = 0, passed = 0, degraded = 0, failed = 0, unknown = 0;
  std::map<std::string, size_t> errors;  // by code
  // Of the probes that passed or were degraded; nothing when there were none.
  [[nodiscard]] std::optional<Times> times() const;

 private:
  std::vector<Duration> times_;
};

}  // namespace tocsin::cli
