#include "core/combine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <string>
#include <vector>

#include "core/retry.h"

namespace tocsin {
namespace {

constexpr SystemTime kSlot{Duration(1795255200LL * 1000000)};
constexpr std::array kVerdicts = {Verdict::passed, Verdict::degraded, Verdict::failed,
                                  Verdict::unknown};

Monitor monitor_with(LocationPolicy policy, size_t locations) {
  Monitor monitor;
  monitor.alert.locations = policy;
  monitor.locations.assign(locations, "somewhere");
  return monitor;
}

ProbeError error_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::failed:
      return {ErrorCode::tcp_refused, Phase::connect, ""};
    case Verdict::degraded:
      return {ErrorCode::too_slow, Phase::data, ""};
    default:
      return {ErrorCode::self_offline, Phase::connect, ""};
  }
}

std::optional<Run> run_of(Verdict verdict, SystemTime slot = kSlot, uint32_t epoch = 0) {
  Run run{.clock_epoch = epoch, .slot = slot, .verdict = verdict};
  if (verdict != Verdict::passed) {
    run.error = error_of(verdict);
  }
  return run;
}

using Newest = std::vector<std::optional<Run>>;

const std::vector<LocationPolicy> kPolicies = {
    AnyLocation{}, AtLeast{1},    AtLeast{2},    AtLeast{3},    AtLeast{5},     PercentOf{1},
    PercentOf{20}, PercentOf{34}, PercentOf{50}, PercentOf{51}, PercentOf{100},
};

// The rule of product.md read the slow way: look for the smallest M that satisfies it, one location
// at a time.
Verdict oracle(const LocationPolicy& policy, const std::vector<Verdict>& verdicts) {
  uint32_t counted = 0;
  for (const Verdict verdict : verdicts) {
    counted += verdict == Verdict::unknown ? 0U : 1U;
  }
  uint32_t needed = 1;
  if (const auto* at_least = std::get_if<AtLeast>(&policy)) {
    needed = at_least->locations;
  } else if (const auto* percent = std::get_if<PercentOf>(&policy)) {
    while (needed * 100 < percent->percent * counted) {
      ++needed;
    }
  }
  if (counted < needed) {
    return Verdict::unknown;
  }
  const auto at_least_as_bad = [&](Verdict worst) {
    return std::ranges::count_if(
        verdicts, [&](Verdict verdict) { return verdict != Verdict::unknown && verdict >= worst; });
  };
  if (at_least_as_bad(Verdict::failed) >= int64_t{needed}) {
    return Verdict::failed;
  }
  return at_least_as_bad(Verdict::degraded) >= int64_t{needed} ? Verdict::degraded
                                                               : Verdict::passed;
}

// Calls `visit` with every vector of `size` verdicts.
void for_each_vector(size_t size, const std::function<void(const std::vector<Verdict>&)>& visit) {
  std::vector<Verdict> verdicts(size);
  const size_t count = size_t{1} << (2 * size);
  for (size_t code = 0; code < count; ++code) {
    for (size_t i = 0; i < size; ++i) {
      verdicts[i] = kVerdicts[(code >> (2 * i)) % 4];
    }
    visit(verdicts);
  }
}

// All vectors of up to five locations against all policies: the outcome is what counting by hand
// gives.
TEST(Combine, EveryVectorOfVerdictsAgreesWithTheOracle) {
  for (size_t size = 1; size <= 5; ++size) {
    for (const LocationPolicy& policy : kPolicies) {
      const Monitor monitor = monitor_with(policy, size);
      for_each_vector(size, [&](const std::vector<Verdict>& verdicts) {
        Newest newest;
        std::ranges::transform(verdicts, std::back_inserter(newest),
                               [](Verdict verdict) { return run_of(verdict); });
        const Outcome outcome = combine(monitor, newest, 0, kSlot);
        ASSERT_EQ(outcome.verdict, oracle(policy, verdicts));
        ASSERT_EQ(outcome.failed, std::ranges::count(verdicts, Verdict::failed));
        ASSERT_EQ(outcome.degraded, std::ranges::count(verdicts, Verdict::degraded));
        ASSERT_EQ(outcome.passed, std::ranges::count(verdicts, Verdict::passed));
        ASSERT_EQ(outcome.unknown, std::ranges::count(verdicts, Verdict::unknown));
        ASSERT_EQ(outcome.quorum_reached, outcome.verdict != Verdict::unknown);
      });
    }
  }
}

// Calls `visit` with every vector whose places outside `mask` are passed: the choices of those
// inside it.
void for_each_choice_of(size_t size, size_t mask,
                        const std::function<void(const std::vector<Verdict>&)>& visit) {
  for_each_vector(size, [&](const std::vector<Verdict>& verdicts) {
    for (size_t i = 0; i < size; ++i) {
      if (((mask >> i) & 1U) == 0 && verdicts[i] != Verdict::passed) {
        return;
      }
    }
    visit(verdicts);
  });
}

bool brute_force_decided(const LocationPolicy& policy, const std::vector<Verdict>& answered,
                         size_t waiting_mask) {
  std::optional<Verdict> verdict;
  bool same = true;
  for_each_choice_of(answered.size(), waiting_mask, [&](const std::vector<Verdict>& completion) {
    std::vector<Verdict> all = answered;
    for (size_t i = 0; i < all.size(); ++i) {
      all[i] = ((waiting_mask >> i) & 1U) != 0 ? completion[i] : answered[i];
    }
    verdict = verdict.value_or(oracle(policy, all));
    same = same && *verdict == oracle(policy, all);
  });
  return same;
}

// is_decided against brute force: every choice of who is waiting, every answer each of them could
// give.
TEST(Combine, DecidedMeansThatNoCompletionChangesTheOutcome) {
  for (size_t size = 1; size <= 4; ++size) {
    const size_t all = (size_t{1} << size) - 1;
    for (size_t waiting_mask = 0; waiting_mask <= all; ++waiting_mask) {
      for_each_choice_of(size, all & ~waiting_mask, [&](const std::vector<Verdict>& answered) {
        Newest newest(size);
        for (size_t i = 0; i < size; ++i) {
          if (((waiting_mask >> i) & 1U) == 0) {
            newest[i] = run_of(answered[i]);
          }
        }
        const auto waiting = static_cast<uint32_t>(std::popcount(waiting_mask));
        for (const LocationPolicy& policy : kPolicies) {
          ASSERT_EQ(is_decided(monitor_with(policy, size), newest, waiting, 0, kSlot),
                    brute_force_decided(policy, answered, waiting_mask));
        }
      });
    }
  }
}

struct DecidedRow {
  const char* story;
  LocationPolicy policy;
  Newest newest;
  uint32_t waiting;
  bool decided;
};

TEST(Combine, DecidedTable) {
  const auto old_failed = run_of(Verdict::failed, kSlot - 60s);
  const auto old_passed = run_of(Verdict::passed, kSlot - 60s);
  const std::vector<DecidedRow> rows = {
      {"one failure is enough for `any`",
       AnyLocation{},
       {run_of(Verdict::failed), std::nullopt},
       1,
       true},
      {"one pass is not: the other may fail",
       AnyLocation{},
       {run_of(Verdict::passed), std::nullopt},
       1,
       false},
      {"nobody is waiting: nothing can change",
       AtLeast{2},
       {run_of(Verdict::failed), std::nullopt},
       0,
       true},
      {"an old failure of the waiting location proves nothing",
       AnyLocation{},
       {run_of(Verdict::passed), old_failed},
       1,
       false},
      {"round robin: old failures of locations that are not asked still decide",
       AnyLocation{},
       {old_failed, old_failed, old_passed},
       1,
       true},
      {"round robin: the one old failure may be the one that is asked now",
       AnyLocation{},
       {old_failed, old_passed, old_passed},
       1,
       false},
  };
  for (const DecidedRow& row : rows) {
    Monitor monitor = monitor_with(row.policy, row.newest.size());
    monitor.strategy = Strategy::round_robin;
    EXPECT_EQ(is_decided(monitor, row.newest, row.waiting, 0, kSlot), row.decided) << row.story;
  }
}

// How old a verdict may be: parallel one interval, round robin one round, and always the time a run
// may take.
TEST(Combine, AgeCountsIntervalTimeoutAndRetries) {
  Monitor monitor = monitor_with(AnyLocation{}, 3);
  EXPECT_EQ(verdict_age_max(monitor), 70s);
  monitor.strategy = Strategy::round_robin;
  EXPECT_EQ(verdict_age_max(monitor), 190s);
  monitor.retry = {.strategy = RetryStrategy::single, .base = 5s};
  EXPECT_EQ(verdict_age_max(monitor), 205s);
  EXPECT_EQ(outcome_deadline(monitor, kSlot), kSlot + 10s + 15s + 2s);
  monitor.retry = {};
  monitor.target = Target::parse("db.example:5432").value();
  monitor.ip_family = IpFamily::all;
  EXPECT_EQ(outcome_deadline(monitor, kSlot), kSlot + 160s + 2s) << "16 addresses at most";
}

TEST(Combine, OldVerdictsLeaveNumeratorAndDenominator) {
  const Monitor monitor = monitor_with(PercentOf{100}, 2);
  const auto outcome_with_age = [&](Duration age) {
    return combine(monitor, Newest{run_of(Verdict::failed), run_of(Verdict::passed, kSlot - age)},
                   0, kSlot);
  };
  EXPECT_EQ(outcome_with_age(70s).verdict, Verdict::passed) << "one of two failed";
  EXPECT_EQ(outcome_with_age(70s + 1us).verdict, Verdict::failed) << "one of one failed";
}

// After the clock was set back, slots of the old epoch lie in the future and would count for ever.
TEST(Combine, RunsOfAnotherClockEpochSayNothing) {
  const Monitor monitor = monitor_with(AnyLocation{}, 2);
  const Newest newest = {run_of(Verdict::passed, kSlot, 1), run_of(Verdict::failed, kSlot + 1h, 0)};
  const Outcome outcome = combine(monitor, newest, 1, kSlot);
  EXPECT_EQ(outcome.verdict, Verdict::passed);
  EXPECT_EQ(outcome.unknown, 1U);
  EXPECT_EQ(outcome.clock_epoch, 1U);
}

// The reason shown is that of the worst location counted; an unknown outcome says what is wrong
// with us.
TEST(Combine, ErrorIsOfTheWorstCountedLocation) {
  const Monitor any = monitor_with(AnyLocation{}, 3);
  const Monitor two = monitor_with(AtLeast{2}, 3);
  const Newest mixed = {run_of(Verdict::degraded), run_of(Verdict::failed),
                        run_of(Verdict::unknown)};
  EXPECT_EQ(combine(any, mixed, 0, kSlot).error->code, ErrorCode::tcp_refused);
  EXPECT_EQ(combine(two, mixed, 0, kSlot).verdict, Verdict::degraded);
  EXPECT_EQ(combine(two, mixed, 0, kSlot).error->code, ErrorCode::tcp_refused);

  const Newest minority = {run_of(Verdict::failed), run_of(Verdict::passed),
                           run_of(Verdict::passed)};
  EXPECT_EQ(combine(two, minority, 0, kSlot).verdict, Verdict::passed);
  EXPECT_FALSE(combine(two, minority, 0, kSlot).error)
      << "an old reason beside a green mark misleads";

  const Newest ours = {run_of(Verdict::unknown), std::nullopt, std::nullopt};
  EXPECT_EQ(combine(any, ours, 0, kSlot).error->code, ErrorCode::self_offline);
}

}  // namespace
}  // namespace tocsin
