// What evaluate says of one attempt, and the Run that the attempts of one tick at one location
// make.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/assertion.h"
#include "model/result.h"

namespace tocsin {

// Do not change the values: they are on disk. Order: the worse the higher, unknown apart.
enum class Verdict : uint8_t { passed = 1, degraded = 2, failed = 3, unknown = 4 };
std::string_view verdict_name(Verdict verdict);
std::optional<Verdict> verdict_from_name(std::string_view name);

struct Evaluation {
  Verdict verdict = Verdict::unknown;
  // Why not passed; kept and shown too when should_fail made it a pass.
  std::optional<ProbeError> error;
  std::string reason;  // one plain sentence, always set
  // One per assertion of the monitor, in order; empty when not evaluated.
  std::vector<AssertionResult> assertions;
  bool operator==(const Evaluation&) const = default;
};

// One attempt with its judgement.
struct Attempt {
  ProbeResult result;
  Evaluation evaluation;
  bool operator==(const Attempt&) const = default;
};

// The final word of one location on one tick: response_time, phases and verdict are those of the
// last attempt.
struct Run {
  MonitorUid monitor;
  uint16_t location = 0;
  uint32_t clock_epoch = 0;
  SystemTime slot{};
  Verdict verdict = Verdict::unknown;
  std::optional<ProbeError> error;
  uint8_t attempts = 1;
  SystemTime finished{};
  bool operator==(const Run&) const = default;
};

// What a tick says over its locations.
struct Outcome {
  Verdict verdict = Verdict::unknown;  // passed, degraded, failed or unknown
  std::optional<ProbeError> error;     // of the worst counted location
  uint32_t failed = 0, degraded = 0, passed = 0, unknown = 0;  // locations
  // False: fewer locations counted than the policy needs.
  bool quorum_reached = true;
  uint32_t clock_epoch = 0;
  SystemTime slot{};
};

}  // namespace tocsin
