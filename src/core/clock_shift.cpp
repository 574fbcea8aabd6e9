#include "core/clock_shift.h"

#include <memory>
#include <optional>
#include <utility>

namespace tocsin {
namespace {

void shift(std::optional<SystemTime>& time, Duration by) {
  if (time) {
    *time += by;
  }
}

}  // namespace

void shift_times(MonitorState& state, Duration by) {
  Status& status = state.status;
  if (status.since != SystemTime{}) {
    status.since += by;
  }
  AlertState& alert = state.alert;
  for (auto* time :
       {&status.first_bad_slot, &status.first_degraded_slot, &status.last_known, &alert.opened,
        &alert.began, &alert.acknowledged, &alert.flapping_since, &alert.flapping_told}) {
    shift(*time, by);
  }
  for (SystemTime& change : alert.changes) {
    change += by;
  }
  if (state.addresses.memory) {
    AddressMemory memory = *state.addresses.memory;
    memory.since += by;
    memory.seen_since += by;
    for (SystemTime& move : memory.moves) {
      move += by;
    }
    state.addresses.memory = std::make_shared<const AddressMemory>(std::move(memory));
  }
}

}  // namespace tocsin
