// Every sequence of outcomes up to a length, for a grid of policies, against an oracle that knows
// only the rules and the whole history: no state is carried from outcome to outcome but the kind
// itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "core/story.h"

namespace tocsin {
namespace {

using namespace tocsin::story;
using enum StatusKind;

constexpr size_t kLength = 8;

struct Expected {
  StatusKind kind = pending;
  size_t changed_after = 0;  // known outcomes before and with the one that changed the kind
};

// Length of the longest suffix of history[from..] whose letters all lie in `letters`.
uint32_t tail(std::string_view history, size_t from, std::string_view letters) {
  uint32_t length = 0;
  for (size_t i = history.size();
       i > from && letters.find(history[i - 1]) != std::string_view::npos; --i) {
    ++length;
  }
  return length;
}

// `history` has no unknown outcomes: they are nothing.
Expected oracle(const AlertPolicy& policy, std::string_view history) {
  if (history.empty()) {
    return {};
  }
  const Expected before = oracle(policy, history.substr(0, history.size() - 1));
  const auto becomes = [&](StatusKind kind) {
    return kind == before.kind ? before : Expected{kind, history.size()};
  };
  const char last = history.back();
  const bool is_down = before.kind == down;
  if (is_down || before.kind == degraded) {
    const std::string_view good = is_down ? "PD" : "P";
    if (good.find(last) != std::string_view::npos &&
        tail(history, before.changed_after, good) >= policy.recover_after_runs) {
      return becomes(last == 'P' ? up : degraded);
    }
  } else if (last == 'P') {
    return becomes(up);
  }
  if (last == 'P' || (is_down && last == 'D') || is_down) {
    return before;
  }
  if (policy.strict) {
    const bool enough = tail(history, 0, "FD") >= policy.after_runs;
    const bool after_degraded =
        (history.size() > 1 && history[history.size() - 2] == 'D') || before.kind == degraded;
    if (last == 'F') {
      return enough || after_degraded ? becomes(down) : before;
    }
    return enough ? becomes(degraded) : before;
  }
  if (tail(history, 0, "F") >= policy.after_runs && last == 'F') {
    return becomes(down);
  }
  const bool one_degraded =
      history.substr(history.size() - tail(history, 0, "FD")).find('D') != std::string_view::npos;
  return tail(history, 0, "FD") >= policy.after_runs && one_degraded ? becomes(degraded) : before;
}

// Where the trouble of the last outcome began, as `first_bad_slot` should say: the minute of the
// first F of the last unbroken row of failures, a confirmed down keeping its own.
void check_flags(const AlertPolicy& policy, const Status& before, const StatusStep& step) {
  const Status& after = step.after;
  const auto tellable = [&](StatusKind kind) {
    return kind == down || (kind == degraded && policy.degraded);
  };
  ASSERT_EQ(step.transition.change == Change::changed, before.kind != after.kind);
  ASSERT_EQ(step.transition.confirmed_bad, before.known != after.known && tellable(after.known));
  const bool was_bad = before.known == down || before.known == degraded;
  ASSERT_EQ(step.transition.recovered,
            was_bad && before.known != after.known && !tellable(after.known));
  ASSERT_EQ(step.transition.severity_rose, before.known == degraded && after.known == down);
  ASSERT_FALSE(after.confirming && after.recovering);
  ASSERT_FALSE(after.recovering && after.known != down && after.known != degraded);
  ASSERT_FALSE(after.confirming && after.known == down);
  if (after.known == down) {
    ASSERT_TRUE(after.first_bad_slot.has_value());
  }
  if (after.known == up && !after.confirming) {
    ASSERT_FALSE(after.first_bad_slot || after.first_degraded_slot || after.error);
  }
}

void walk(const AlertPolicy& policy, const Status& before, std::string& history) {
  const SystemTime slot = kStart + static_cast<int64_t>(history.size()) * kInterval;
  Status only_slot = before;
  only_slot.slot = slot;
  ASSERT_EQ(advance(before, policy, outcome_at('?', slot)).after, only_slot) << history;
  if (history.size() == kLength) {
    return;
  }
  for (const char letter : {'P', 'D', 'F'}) {
    const StatusStep step = advance(before, policy, outcome_at(letter, slot));
    history.push_back(letter);
    ASSERT_EQ(step.after.kind, oracle(policy, history).kind)
        << history << " after_runs " << policy.after_runs << " recover "
        << policy.recover_after_runs << (policy.strict ? " strict" : "");
    ASSERT_NO_FATAL_FAILURE(check_flags(policy, before, step)) << history;
    ASSERT_NO_FATAL_FAILURE(walk(policy, step.after, history));
    history.pop_back();
  }
}

class AdvanceExhaustive : public testing::TestWithParam<std::tuple<uint32_t, uint32_t, bool>> {};

TEST_P(AdvanceExhaustive, EverySequenceAgreesWithTheOracle) {
  const auto [after_runs, recover, strict] = GetParam();
  for (const bool degraded_told : {false, true}) {
    const AlertPolicy policy{.after_runs = after_runs,
                             .recover_after_runs = recover,
                             .degraded = degraded_told,
                             .strict = strict};
    std::string history;
    ASSERT_NO_FATAL_FAILURE(walk(policy, {}, history));
  }
}

INSTANTIATE_TEST_SUITE_P(Grid, AdvanceExhaustive,
                         testing::Combine(testing::Values(1U, 2U, 3U), testing::Values(1U, 2U, 3U),
                                          testing::Bool()));

}  // namespace
}  // namespace tocsin
