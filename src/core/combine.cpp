// combine is a count, is_decided asks it about every future. Worked example: three locations,
// `at_least: 2`.
//
//   A failed                      -> not decided: B and C could pass or fail
//   A failed, B failed            -> decided: failed, whatever C says
//   A failed, B passed            -> not decided: C turns the scale (or leaves two counted: passed)
//   A failed, B unknown, C passed -> two counted, one failed: passed
//   A failed, B and C unknown     -> one counted of two needed: unknown, quorum_reached = false
#include "core/combine.h"

#include <algorithm>
#include <array>

#include "core/retry.h"

namespace tocsin {
namespace {

constexpr Duration kDecisionGrace = 2s;  // for the way of the last result from its location to here

// How many locations say what. Index is the verdict's number minus one.
struct Counts {
  std::array<uint32_t, 4> of{};
  uint32_t& operator[](Verdict verdict) { return of[static_cast<size_t>(verdict) - 1]; }
  uint32_t operator[](Verdict verdict) const { return of[static_cast<size_t>(verdict) - 1]; }
};

struct Needed {
  uint32_t counted;
  uint32_t operator()(const AnyLocation&) const { return 1; }
  uint32_t operator()(const AtLeast& policy) const { return std::max(policy.locations, 1U); }
  // ceil(P x counted / 100), at least 1
  uint32_t operator()(const PercentOf& policy) const {
    const uint64_t share = uint64_t{policy.percent} * counted;
    return std::max(static_cast<uint32_t>((share + 99) / 100), 1U);
  }
};

struct Decision {
  Verdict verdict = Verdict::unknown;
  bool quorum = true;
  bool operator==(const Decision&) const = default;
};

Decision decision_of(const LocationPolicy& policy, const Counts& counts) {
  const uint32_t failed = counts[Verdict::failed];
  const uint32_t bad = failed + counts[Verdict::degraded];
  const uint32_t counted = bad + counts[Verdict::passed];
  const uint32_t needed = std::visit(Needed{counted}, policy);
  if (counted < needed) {
    return {.verdict = Verdict::unknown, .quorum = false};
  }
  if (failed >= needed) {
    return {.verdict = Verdict::failed};
  }
  return {.verdict = bad >= needed ? Verdict::degraded : Verdict::passed};
}

// What one location contributes to this tick. A run of another clock epoch has no comparable age
// and says nothing.
Verdict verdict_of(const std::optional<Run>& run, Duration age_max, uint32_t clock_epoch,
                   SystemTime slot) {
  if (!run || run->clock_epoch != clock_epoch || slot - run->slot > age_max) {
    return Verdict::unknown;
  }
  return run->verdict;
}

// The reason to show: of the first location, in the monitor's order, that says `worst`.
std::optional<ProbeError> first_error(std::span<const std::optional<Run>> newest, Verdict worst) {
  for (const std::optional<Run>& run : newest) {
    if (run && run->verdict == worst && run->error) {
      return run->error;
    }
  }
  return std::nullopt;
}

// Calls `visit(counts)` for every way to choose how many of each kind, at most `limits`, `total` in
// all; stops when it says false.
template <class Visit>
bool for_each_choice(const Counts& limits, uint32_t total, const Visit& visit) {
  Counts chosen;
  for (chosen.of[0] = 0; chosen.of[0] <= std::min(limits.of[0], total); ++chosen.of[0]) {
    const uint32_t after_first = total - chosen.of[0];
    for (chosen.of[1] = 0; chosen.of[1] <= std::min(limits.of[1], after_first); ++chosen.of[1]) {
      const uint32_t after_second = after_first - chosen.of[1];
      for (chosen.of[2] = 0; chosen.of[2] <= std::min(limits.of[2], after_second); ++chosen.of[2]) {
        chosen.of[3] = after_second - chosen.of[2];
        if (chosen.of[3] <= limits.of[3] && !visit(chosen)) {
          return false;
        }
      }
    }
  }
  return true;
}

Counts sum_of(const Counts& a, const Counts& b) {
  Counts sum;
  std::ranges::transform(a.of, b.of, sum.of.begin(), std::plus<>());
  return sum;
}

}  // namespace

Duration verdict_age_max(const Monitor& monitor) {
  const auto rounds = monitor.strategy == Strategy::round_robin
                          ? static_cast<int64_t>(std::max<size_t>(monitor.locations.size(), 1))
                          : int64_t{1};
  const Duration attempt = attempt_length_max(monitor);
  return rounds * monitor.interval + attempt + retry_total_max(monitor.retry, attempt);
}

Outcome combine(const Monitor& monitor, std::span<const std::optional<Run>> newest,
                uint32_t clock_epoch, SystemTime slot) {
  const Duration age_max = verdict_age_max(monitor);
  Counts counts;
  std::vector<std::optional<Run>> counted;
  for (const std::optional<Run>& run : newest) {
    const Verdict verdict = verdict_of(run, age_max, clock_epoch, slot);
    ++counts[verdict];
    if (verdict != Verdict::unknown) {
      counted.push_back(run);
    }
  }
  const Decision decision = decision_of(monitor.alert.locations, counts);
  Outcome outcome{.verdict = decision.verdict,
                  .error = {},
                  .failed = counts[Verdict::failed],
                  .degraded = counts[Verdict::degraded],
                  .passed = counts[Verdict::passed],
                  .unknown = counts[Verdict::unknown],
                  .quorum_reached = decision.quorum,
                  .clock_epoch = clock_epoch,
                  .slot = slot};
  // A passed outcome has no error, even when a minority failed: an old reason beside a green mark
  // misleads.
  if (decision.verdict == Verdict::unknown) {
    outcome.error = first_error(newest, Verdict::unknown);
  } else if (decision.verdict != Verdict::passed) {
    outcome.error = first_error(counted, Verdict::failed);
    if (!outcome.error) {
      outcome.error = first_error(counted, Verdict::degraded);
    }
  }
  return outcome;
}

// Which of the locations without a result of this tick are the waiting ones is not said (round
// robin asks one, parallel all), so every choice of them is tried; each may still say any of the
// four verdicts, which covers "never answers and its old word stays".
bool is_decided(const Monitor& monitor, std::span<const std::optional<Run>> newest,
                uint32_t waiting, uint32_t clock_epoch, SystemTime slot) {
  const Duration age_max = verdict_age_max(monitor);
  Counts settled;
  Counts open;
  uint32_t open_count = 0;
  for (const std::optional<Run>& run : newest) {
    const bool of_this_tick = run && run->clock_epoch == clock_epoch && run->slot >= slot;
    ++(of_this_tick ? settled : open)[verdict_of(run, age_max, clock_epoch, slot)];
    open_count += of_this_tick ? 0 : 1;
  }
  const uint32_t unanswered = std::min(waiting, open_count);
  const Counts anything{{unanswered, unanswered, unanswered, unanswered}};
  std::optional<Verdict> verdict;
  return for_each_choice(open, open_count - unanswered, [&](const Counts& stays) {
    const Counts known = sum_of(settled, stays);
    return for_each_choice(anything, unanswered, [&](const Counts& answers) {
      const Decision decision = decision_of(monitor.alert.locations, sum_of(known, answers));
      if (!verdict) {
        verdict = decision.verdict;
      }
      return *verdict == decision.verdict;
    });
  });
}

SystemTime outcome_deadline(const Monitor& monitor, SystemTime slot) {
  const Duration attempt = attempt_length_max(monitor);
  return slot + attempt + retry_total_max(monitor.retry, attempt) + kDecisionGrace;
}

}  // namespace tocsin
