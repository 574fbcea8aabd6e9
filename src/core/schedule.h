// When a monitor is due. Slots lie on a UTC grid: slot = phase + k x interval, phase = hash(uid)
// mod interval, so the schedule is drift-free, survives restarts and needs no dice. Everything is
// arithmetic on wall-clock time; waiting is the engine's business.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.h"
#include "base/time.h"

namespace tocsin {

struct Schedule {
  Duration interval;  // 1 s - 24 h
  Duration phase;     // 0 <= phase < interval
};

Schedule schedule_of(MonitorUid uid, Duration interval);

// The first slot strictly after `now`.
SystemTime next_slot(const Schedule& schedule, SystemTime now);
// The newest slot at or before `now`.
SystemTime slot_at(const Schedule& schedule, SystemTime now);

// What to do with a tick found at `now`, the last slot that ran or was skipped being `last`
// (nothing: this monitor never ran). A late tick runs once: the newest due slot; the periods that
// passed whole are `missed`.
struct DueTick {
  bool due = false;
  SystemTime slot{};    // to run now, when due
  uint64_t missed = 0;  // whole periods skipped between `last` and `slot`
  SystemTime next{};    // when to look again
};
DueTick due_tick(const Schedule& schedule, std::optional<SystemTime> last, SystemTime now);

// Location number of this tick under round robin: tick number (slot / interval) mod `locations`.
uint32_t round_robin_location(const Schedule& schedule, SystemTime slot, uint32_t locations);

}  // namespace tocsin
