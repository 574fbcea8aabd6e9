#include "core/steady.h"

#include <utility>
#include <variant>
#include <vector>

#include "core/alert_flapping.h"

namespace tocsin {
namespace {

bool is_up_and_nothing_else(const Status& status) {
  return status.kind == StatusKind::up && status.known == StatusKind::up &&
         status.bad_streak == 0 && status.degraded_streak == 0 && status.good_streak == 0 &&
         !status.first_bad_slot && !status.first_degraded_slot && !status.error &&
         !status.run_asked && !status.confirming && !status.recovering;
}

// What is remembered of an alert at `now` that will never count.
bool is_over(const AlertState& alert, SystemTime now) {
  if (alert.changes.empty()) {
    return alert == AlertState();
  }
  AlertState rest = alert;
  std::erase_if(rest.changes, [&](SystemTime at) { return at < now - kFlappingWindow; });
  return rest == AlertState();
}

bool fits(uint64_t skips) { return skips <= kRestingSkipsMax; }

}  // namespace

bool is_decided_by_one(const Monitor& monitor) {
  const auto* const at_least = std::get_if<AtLeast>(&monitor.alert.locations);
  return monitor.locations.size() == 1 && (at_least == nullptr || at_least->locations <= 1);
}

bool is_steady(const Monitor& monitor, const MonitorState& state, const Run& run) {
  const Status& status = state.status;
  return run.verdict == Verdict::passed && run.location == 0 &&
         run.clock_epoch == status.clock_epoch && run.slot > status.slot &&
         is_up_and_nothing_else(status) && state.alert.incident.value.empty() &&
         is_decided_by_one(monitor);
}

void pass_steadily(MonitorState& state, Run run) {
  state.status.slot = run.slot;
  state.status.last_known = run.slot;
  state.newest[run.location] = std::move(run);
}

std::optional<RestingState> resting(const MonitorState& state) {
  const Status& status = state.status;
  if (state.paused || !is_up_and_nothing_else(status) || status.last_known != status.slot ||
      !is_over(state.alert, status.slot) || !fits(state.skipped_in_progress) ||
      !fits(state.skipped_missed) || !fits(state.skipped_overload)) {
    return std::nullopt;
  }
  return RestingState{
      .since = status.since,
      .slot = status.slot,
      .addresses = state.addresses,
      .clock_epoch = status.clock_epoch,
      .skipped_in_progress = static_cast<uint32_t>(state.skipped_in_progress),
      .skipped_missed = static_cast<uint32_t>(state.skipped_missed),
      .skipped_overload = static_cast<uint32_t>(state.skipped_overload) & kRestingSkipsMax,
      .muted = state.muted};
}

MonitorState awake(const RestingState& state) {
  MonitorState whole;
  Status& status = whole.status;
  status.kind = status.known = StatusKind::up;
  status.since = state.since;
  status.slot = state.slot;
  status.last_known = state.slot;
  status.clock_epoch = state.clock_epoch;
  whole.addresses = state.addresses;
  whole.skipped_in_progress = state.skipped_in_progress;
  whole.skipped_missed = state.skipped_missed;
  whole.skipped_overload = state.skipped_overload;
  whole.muted = state.muted;
  return whole;
}

}  // namespace tocsin
