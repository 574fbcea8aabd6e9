// StateCell: the state of one monitor between two ticks, in few bytes while the monitor is at rest
// (core/steady.h).
#pragma once

#include <cstdint>
#include <memory>

#include "core/steady.h"
#include "model/status.h"

namespace tocsin {

struct Skips {
  uint32_t in_progress = 0, missed = 0, overload = 0;
};

class StateCell {
 public:
  // Fresh: pending, nothing known.
  StateCell() : whole_(std::make_unique<MonitorState>()) {}

  [[nodiscard]] MonitorState get() const { return whole_ ? *whole_ : awake(resting_); }
  // Nothing: it is at rest.
  [[nodiscard]] const MonitorState* whole() const { return whole_.get(); }
  // To be changed as one likes. It stays whole until settle().
  MonitorState& edit();
  void set(MonitorState state) { edit() = std::move(state); }
  // To rest, when it can. Only of a monitor that is decided by one location.
  void settle();
  // The same in the state that is given; false: that is none to rest in, and nothing was done.
  bool rest_in(const MonitorState& state);
  // A pass that changes nothing else; false: it is more than that, and nothing was done.
  bool pass_at_rest(const Run& run);
  void count(const Skips& skips);
  void set_addresses(KeptAddresses addresses);

  [[nodiscard]] StatusKind kind() const { return whole_ ? whole_->status.kind : StatusKind::up; }
  [[nodiscard]] bool paused() const { return whole_ && whole_->paused; }
  [[nodiscard]] bool muted() const { return whole_ ? whole_->muted : resting_.muted; }
  [[nodiscard]] bool confirming() const { return whole_ && whole_->status.confirming; }
  [[nodiscard]] bool recovering() const { return whole_ && whole_->status.recovering; }
  // Of the newest outcome.
  [[nodiscard]] SystemTime slot() const { return whole_ ? whole_->status.slot : resting_.slot; }
  [[nodiscard]] uint32_t clock_epoch() const {
    return whole_ ? whole_->status.clock_epoch : resting_.clock_epoch;
  }
  [[nodiscard]] const KeptAddresses& addresses() const {
    return whole_ ? whole_->addresses : resting_.addresses;
  }

 private:
  RestingState resting_;  // without `whole_`
  std::unique_ptr<MonitorState> whole_;
};

}  // namespace tocsin
