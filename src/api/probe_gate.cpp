#include "api/probe_gate.h"

namespace tocsin {

ProbeGate::Ticket ProbeGate::enter(const std::string& caller, size_t own_max) {
  const std::lock_guard lock(mutex_);
  const auto own = running_.find(caller);
  if (all_ >= kProbesAtOnce || (own != running_.end() && own->second >= own_max)) {
    return nullptr;
  }
  ++running_[caller];
  ++all_;
  return std::make_shared<Place>(shared_from_this(), caller);
}

void ProbeGate::Place::give_back() {
  if (!is_back_.exchange(true)) {
    gate_->leave(caller_);
  }
}

void ProbeGate::leave(const std::string& caller) {
  const std::lock_guard lock(mutex_);
  --all_;
  if (--running_[caller] == 0) {
    running_.erase(caller);
  }
}

}  // namespace tocsin
