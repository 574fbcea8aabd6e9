#include "engine/state_cell.h"

#include <limits>
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
  if (rest) {
    resting_ = *std::move(rest);
    whole_.reset();
  }
  return rest.has_value();
}

bool StateCell::pass_at_rest(const Run& run) {
  if (whole_ || !rests_on(resting_, run)) {
    return false;
  }
  resting_.slot = run.slot;
  return true;
}

void StateCell::count(const Skips& skips) {
  constexpr uint32_t kHalf = std::numeric_limits<uint32_t>::max() / 2;
  const bool fits = resting_.skipped_in_progress < kHalf && resting_.skipped_missed < kHalf &&
                    resting_.skipped_overload < kHalf && skips.missed < kHalf;
  if (!whole_ && fits) {
    resting_.skipped_in_progress += skips.in_progress;
    resting_.skipped_missed += skips.missed;
    resting_.skipped_overload += skips.overload;
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
