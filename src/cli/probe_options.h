// What `tocsin probe` was asked for: one Monitor per target, made from the flags as a configuration
// file would make it.
#pragma once

#include <cstddef>
#include <istream>
#include <memory>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "model/monitor.h"

namespace tocsin::cli {

inline constexpr size_t kProbeCountMax = 1'000'000;  // --count; bounds the memory of the statistics
// --interval; faster is a load test, not a probe.
inline constexpr Duration kProbeIntervalMin = 10ms;

struct ProbeOptions {
  std::vector<std::shared_ptr<const Monitor>> monitors;  // one per target, in order
  size_t count = 1;                                      // probes per target
  bool statistics = false;                               // --count was given
  Duration interval = 1s;
  Duration spacing{};  // between the first probes of two targets
  bool json = false;
  size_t verbosity = 0;
  bool evidence = false;  // a failure is looked into before it is reported
};

// `in` is read only when a target is "-": one target a line, empty lines and #comments left out.
// Errors say which word is wrong.
Result<ProbeOptions> read_probe_options(const Arguments& arguments, std::istream& in);

}  // namespace tocsin::cli
