#include "core/steady.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <string_view>

#include "core/advance.h"
#include "core/alert.h"
#include "core/alert_flapping.h"
#include "core/combine.h"

namespace tocsin {
namespace {

constexpr SystemTime kBegin{Duration(1'795'269'600'000'000)};

// A monitor's life by the long way, with a look at each pass whether the short one says the same.
class Walk {
 public:
  explicit Walk(uint64_t seed) : random_(seed) {
    AlertPolicy& policy = monitor_.alert;
    monitor_.interval = 10s;
    policy.after_runs = 1 + below(3);
    policy.recover_after_runs = 1 + below(3);
    policy.degraded = below(2) == 0;
    policy.strict = below(3) == 0;
    if (below(3) == 0) {
      policy.after_minutes = 30s;
    }
    if (below(3) == 0) {
      policy.locations = AtLeast{1 + below(2)};
    } else if (below(3) == 0) {
      policy.locations = PercentOf{50};
    }
    if (below(8) == 0) {
      monitor_.locations = {"here", "there"};
    }
  }

  void go_on() {
    now_ += 10s;
    const uint32_t what = below(60);
    if (what == 0) {
      take(pause(state_.status, now_));
    } else if (what == 1) {
      take(resume(state_.status, now_));
    } else if (what == 2) {
      now_ -= 1h;
      ++epoch_;
    } else if (what == 3) {
      now_ += 10min;
      take(advance_by_time(state_.status, monitor_.alert, monitor_.interval, now_));
    } else {
      finish_run(what < 6    ? Verdict::failed
                 : what < 8  ? Verdict::degraded
                 : what == 8 ? Verdict::unknown
                             : Verdict::passed);
    }
  }
  [[nodiscard]] int steady() const { return steady_; }
  [[nodiscard]] int at_rest() const { return at_rest_; }

 private:
  uint32_t below(uint32_t end) { return static_cast<uint32_t>(random_() % end); }

  size_t take(const StatusStep& step) {
    state_.status = step.after;
    AlertStep alert = decide(monitor_, {1}, state_.alert, state_.status, step.transition, {},
                             IncidentId{"fresh"}, now_ + 1s);
    state_.alert = std::move(alert.after);
    return alert.events.size() + (step.transition.run_now ? 1 : 0) +
           (step.transition.change == Change::none ? 0 : 1);
  }

  void finish_run(Verdict verdict) {
    Run run{.monitor = {1},
            .location = 0,
            .clock_epoch = epoch_,
            .slot = now_,
            .verdict = verdict,
            .error = {},
            .attempts = 1,
            .finished = now_ + 1s};
    if (verdict == Verdict::failed) {
      run.error = ProbeError{.code = ErrorCode::timeout, .phase = Phase::connect, .detail = {}};
    }
    const bool is_short = is_steady(monitor_, state_, run);
    MonitorState by_short = state_;
    if (is_short) {
      pass_steadily(by_short, run);
    }
    const std::optional<RestingState> rest = resting(state_);
    const bool rests = rest && is_decided_by_one(monitor_) && rests_on(*rest, run);
    state_.newest[0] = run;
    std::vector<std::optional<Run>> newest(monitor_.locations.size());
    newest[0] = run;
    const Outcome outcome = combine(monitor_, newest, epoch_, now_);
    const size_t told = take(advance(state_.status, monitor_.alert, outcome));
    if (is_short) {
      ++steady_;
      ASSERT_TRUE(by_short == state_);
      ASSERT_EQ(told, 0U);
    }
    if (rests) {
      ++at_rest_;
      ASSERT_TRUE(is_short);
      RestingState moved = *rest;
      moved.slot = run.slot;
      MonitorState known = state_;
      known.newest.clear();  // what one that is decided by one location does not need
      if (!known.alert.changes.empty()) {
        ASSERT_LT(known.alert.changes.back(), rest->slot - kFlappingWindow);
        known.alert.changes.clear();
      }
      ASSERT_TRUE(awake(moved) == known);
      ASSERT_EQ(resting(state_), moved);
    }
  }

  std::mt19937_64 random_;
  Monitor monitor_;
  MonitorState state_;
  SystemTime now_ = kBegin;
  uint32_t epoch_ = 1;
  int steady_ = 0;
  int at_rest_ = 0;
};

// Failures, slowness, pauses, silence and clocks set back: the short way says what the long one
// does wherever it is taken, which is often in a life as troubled as these.
TEST(Steady, IsTheLongWayInShort) {
  constexpr int kSteps = 400;
  constexpr uint64_t kWalks = 300;
  int steady = 0;
  int at_rest = 0;
  for (uint64_t seed = 1; seed <= kWalks; ++seed) {
    Walk walk(seed);
    for (int step = 0; step < kSteps && !testing::Test::HasFatalFailure(); ++step) {
      walk.go_on();
    }
    steady += walk.steady();
    at_rest += walk.at_rest();
  }
  EXPECT_GT(steady, static_cast<int>(kWalks) * kSteps / 5);
  EXPECT_GT(at_rest, static_cast<int>(kWalks) * kSteps / 50);
}

MonitorState state_at_rest() {
  MonitorState state;
  state.status.kind = state.status.known = StatusKind::up;
  state.status.since = kBegin;
  state.status.slot = kBegin + 60s;
  state.status.last_known = state.status.slot;
  state.status.clock_epoch = 3;
  state.addresses.memory = std::make_shared<const AddressMemory>();
  state.skipped_in_progress = 1;
  state.skipped_missed = 2;
  state.skipped_overload = 3;
  state.muted = true;
  return state;
}

TEST(Resting, NothingIsForgotten) {
  const MonitorState state = state_at_rest();
  const std::optional<RestingState> rest = resting(state);
  ASSERT_TRUE(rest);
  EXPECT_EQ(awake(*rest), state);
}

TEST(Resting, WhatHappenedLongAgoDoesNotKeepItAwake) {
  MonitorState state = state_at_rest();
  state.alert.changes = {state.status.slot - kFlappingWindow};
  EXPECT_FALSE(resting(state));
  state.alert.changes = {state.status.slot - kFlappingWindow - 1us};
  const std::optional<RestingState> rest = resting(state);
  ASSERT_TRUE(rest);
  state.alert.changes.clear();
  EXPECT_EQ(awake(*rest), state);
}

// Each of these is more than what a monitor at rest remembers.
TEST(Resting, WhatIsMoreKeepsItAwake) {
  using Change = void (*)(MonitorState&);
  const Change changes[] = {
      [](MonitorState& state) { state.status.kind = StatusKind::unknown; },
      [](MonitorState& state) { state.status.known = StatusKind::down; },
      [](MonitorState& state) { state.status.bad_streak = 1; },
      [](MonitorState& state) { state.status.degraded_streak = 1; },
      [](MonitorState& state) { state.status.good_streak = 1; },
      [](MonitorState& state) { state.status.first_bad_slot = kBegin; },
      [](MonitorState& state) { state.status.first_degraded_slot = kBegin; },
      [](MonitorState& state) { state.status.run_asked = true; },
      [](MonitorState& state) { state.status.last_known = kBegin; },
      [](MonitorState& state) { state.status.last_known.reset(); },
      [](MonitorState& state) {
        state.status.error = ProbeError{ErrorCode::timeout, Phase::dns, ""};
      },
      [](MonitorState& state) { state.status.confirming = true; },
      [](MonitorState& state) { state.status.recovering = true; },
      [](MonitorState& state) { state.alert.incident.value = "open"; },
      [](MonitorState& state) { state.alert.changes.push_back(kBegin); },
      [](MonitorState& state) { state.skipped_missed = uint64_t{1} << 32; },
      [](MonitorState& state) { state.paused = true; },
  };
  for (const Change change : changes) {
    MonitorState state = state_at_rest();
    change(state);
    EXPECT_EQ(resting(state), std::nullopt) << &change - &changes[0];
  }
}

}  // namespace
}  // namespace tocsin
