#include "core/read_back.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr SystemTime kSlot{Duration(1'795'269'800'000'000)};

Attempt attempt(Verdict verdict) {
  Attempt result;
  result.result.id = {.monitor = {7}, .location = 2, .clock_epoch = 1, .slot = kSlot, .attempt = 3};
  result.result.started = kSlot + 20ms;
  result.result.response_time = 5ms;
  result.evaluation.verdict = verdict;
  return result;
}

MonitorState before() {
  MonitorState state;
  state.status.kind = StatusKind::up;
  state.status.bad_streak = 1;
  state.status.run_asked = true;
  state.status.last_known = kSlot - 10s;
  state.status.slot = kSlot - 10s;
  state.status.clock_epoch = 1;
  return state;
}

// The result says which slot ran last and what it found; what it made of the status is not counted
// a second time.
TEST(ReadBack, MovesTheSlotAndTheRunAndCountsNothing) {
  MonitorState state = before();
  Attempt failed = attempt(Verdict::failed);
  failed.evaluation.error.emplace().code = ErrorCode::tcp_refused;
  failed.evaluation.reason = "Nothing is listening on port 1: the host answered with a reset.";
  read_back(failed, state);
  EXPECT_EQ(state.status.slot, kSlot);
  EXPECT_EQ(state.status.last_known, kSlot);
  EXPECT_FALSE(state.status.run_asked);
  EXPECT_EQ(state.status.bad_streak, 1u);
  ASSERT_EQ(state.newest.size(), 1u);
  const auto& run = state.newest.at(2);
  EXPECT_EQ(run.monitor, MonitorUid{7});
  EXPECT_EQ(run.verdict, Verdict::failed);
  EXPECT_EQ(run.attempts, 3u);
  EXPECT_EQ(run.finished, kSlot + 25ms);
  EXPECT_EQ(run.error->sentence, failed.evaluation.reason);
}

// What we do not know is no answer to the extra run that was asked for.
TEST(ReadBack, UnknownLeavesWhatWasKnown) {
  MonitorState state = before();
  read_back(attempt(Verdict::unknown), state);
  EXPECT_EQ(state.status.slot, kSlot);
  EXPECT_EQ(state.status.last_known, kSlot - 10s);
  EXPECT_TRUE(state.status.run_asked);
}

// A person's pause wins over a probe that was still in flight.
TEST(ReadBack, PausedMovesItsSlotAlone) {
  MonitorState state = before();
  state.status.kind = StatusKind::paused;
  read_back(attempt(Verdict::passed), state);
  EXPECT_EQ(state.status.slot, kSlot);
  EXPECT_EQ(state.status.last_known, kSlot - 10s);
  EXPECT_TRUE(state.status.run_asked);
}

}  // namespace
}  // namespace tocsin
