#include "engine/state_cell.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tocsin {

MonitorState& StateCell::edit() {
  if (!whole_) {
    whole_ = std::make_unique<MonitorState>(awake(resting_));
    resting_ = {};
  }
  return *whole_;
}

void StateCell::settle() {
  if (whole_) {
    rest_in(*whole_);
  }
}

bool StateCell::rest_in(const MonitorState& state) {
  std::optional<RestingState> rest = resting(state);
  if (!rest) {
    return false;
  }
  resting_ = *std::move(rest);
  whole_.reset();
  return true;
}

bool StateCell::pass_at_rest(const Run& run) {
  if (whole_ || !rests_on(resting_, run)) {
    return false;
  }
  resting_.slot = run.slot;
  return true;
}

void StateCell::count(const Skips& skips) {
  const uint64_t in_progress = uint64_t{resting_.skipped_in_progress} + skips.in_progress;
  const uint64_t missed = uint64_t{resting_.skipped_missed} + skips.missed;
  const uint64_t overload = uint64_t{resting_.skipped_overload} + skips.overload;
  if (!whole_ && std::max({in_progress, missed, overload}) <= kRestingSkipsMax) {
    resting_.skipped_in_progress = static_cast<uint32_t>(in_progress);
    resting_.skipped_missed = static_cast<uint32_t>(missed);
    resting_.skipped_overload = static_cast<uint32_t>(overload) & kRestingSkipsMax;
    return;
  }
  MonitorState& state = edit();
  state.skipped_in_progress += skips.in_progress;
  state.skipped_missed += skips.missed;
  state.skipped_overload += skips.overload;
}

void StateCell::set_addresses(KeptAddresses addresses) {
  (whole_ ? whole_->addresses : resting_.addresses) = std::move(addresses);
}

}  // namespace tocsin
