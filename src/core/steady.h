// A monitor that is up, of which nothing is awaited and nothing open: nearly all are, nearly
// always. What is remembered of one then fits in a few numbers, and a pass of it moves one of them:
// combine, advance and decide would find nothing to do.
#pragma once

#include <cstdint>
#include <optional>

#include "model/monitor.h"
#include "model/status.h"
#include "model/verdict.h"

namespace tocsin {

// True when one location decides alone.
bool is_decided_by_one(const Monitor& monitor);

// True when combine, advance and decide together do no more of a final, passed `run` of `monitor`
// than pass_steadily().
bool is_steady(const Monitor& monitor, const MonitorState& state, const Run& run);
void pass_steadily(MonitorState& state, Run run);

// Of each kind, at rest.
inline constexpr uint32_t kRestingSkipsMax = (1U << 31U) - 1;

// The state of a monitor at rest.
struct RestingState {
  SystemTime since{};  // when it came up
  SystemTime slot{};   // of the newest outcome, which was known
  KeptAddresses addresses;
  uint32_t clock_epoch = 0;  // of the newest outcome
  uint32_t skipped_in_progress = 0, skipped_missed = 0;
  uint32_t skipped_overload : 31 = 0;
  bool muted : 1 = false;
  bool operator==(const RestingState&) const = default;
};

// Nothing: there is more to it. The newest runs of its locations are not looked at: one that is
// decided by one location needs none. Changes of its status so long ago that they cannot count as
// flapping are forgotten.
std::optional<RestingState> resting(const MonitorState& state);
MonitorState awake(const RestingState& state);

// is_steady of a monitor at rest that is decided by one location; the pass moves clock_epoch and
// slot alone.
inline bool rests_on(const RestingState& state, const Run& run) {
  return run.verdict == Verdict::passed && run.location == 0 &&
         run.clock_epoch == state.clock_epoch && run.slot > state.slot;
}

}  // namespace tocsin
