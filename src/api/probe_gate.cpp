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
  // The ticket keeps the gate: an attempt may end after the API has.
  return {static_cast<void*>(this),
          [gate = shared_from_this(), caller](void*) { gate->leave(caller); }};
}

void ProbeGate::leave(const std::string& caller) {
  const std::lock_guard lock(mutex_);
  --all_;
  if (--running_[caller] == 0) {
    running_.erase(caller);
  }
}

}  // namespace tocsin
