#include "core/steady.h"

#include <utility>
#include <variant>

namespace tocsin {
namespace {

// One location decides alone.
bool is_decided_by_one(const Monitor& monitor) {
  const auto* const at_least = std::get_if<AtLeast>(&monitor.alert.locations);
  return monitor.locations.size() == 1 && (at_least == nullptr || at_least->locations <= 1);
}

bool is_up_and_nothing_else(const Status& status) {
  return status.kind == StatusKind::up && status.known == StatusKind::up &&
         status.bad_streak == 0 && status.degraded_streak == 0 && status.good_streak == 0 &&
         !status.first_bad_slot && !status.first_degraded_slot && !status.error &&
         !status.run_asked && !status.confirming && !status.recovering;
}

}  // namespace

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

}  // namespace tocsin
