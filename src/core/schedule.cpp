// Arithmetic on the UTC grid, nothing else. Worked example: interval 60 s, phase 7 s, the monitor
// last ran at 10:00:07.
//
//   10:00:50  not due, look again at 10:01:07
//   10:01:07  due: slot 10:01:07, missed 0
//   10:01:40  (nothing ran meanwhile) due: slot 10:01:07, late, missed 0
//   10:04:20  (nothing ran meanwhile) due: slot 10:04:07, missed 3 (10:01:07, 10:02:07, 10:03:07)
//   09:58:00  the wall clock was set back by more than one interval: due, slot 09:57:07, missed 0
#include "core/schedule.h"

#include <algorithm>

#include "base/check.h"

namespace tocsin {
namespace {

// Rounds toward the past, also before 1970, where a plain division would round toward it.
int64_t floor_divide(int64_t value, int64_t by) {
  const int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

// Number k of the newest slot at or before `at`.
int64_t slot_number(const Schedule& schedule, SystemTime at) {
  CHECK(schedule.interval > Duration(0), "an interval is longer than nothing");
  return floor_divide((at.time_since_epoch() - schedule.phase).count(), schedule.interval.count());
}

}  // namespace

Schedule schedule_of(MonitorUid uid, Duration interval) {
  CHECK(interval > Duration(0), "an interval is longer than nothing");
  const auto length = static_cast<uint64_t>(interval.count());
  const uint64_t phase = stable_hash(static_cast<uint64_t>(uid.value)) % length;
  return {.interval = interval, .phase = Duration(static_cast<int64_t>(phase))};
}

SystemTime slot_at(const Schedule& schedule, SystemTime now) {
  return SystemTime(schedule.phase + slot_number(schedule, now) * schedule.interval);
}

SystemTime next_slot(const Schedule& schedule, SystemTime now) {
  return slot_at(schedule, now) + schedule.interval;
}

DueTick due_tick(const Schedule& schedule, std::optional<SystemTime> last, SystemTime now) {
  const SystemTime newest = slot_at(schedule, now);
  const SystemTime next = newest + schedule.interval;
  // A monitor that never ran is checked at once: whoever added it is waiting, and a day is a long
  // first interval.
  if (!last) {
    return {.due = true, .slot = newest, .missed = 0, .next = next};
  }
  // `last` can only lie more than one interval ahead when the wall clock was set back; waiting for
  // it to be reached again could mean a year without checks. A smaller step back costs at most one
  // interval, and no slot runs twice.
  if (*last > now + schedule.interval) {
    return {.due = true, .slot = newest, .missed = 0, .next = next};
  }
  if (newest <= *last) {
    return {
        .due = false, .slot = {}, .missed = 0, .next = next_slot(schedule, std::max(now, *last))};
  }
  // `last` may be off the grid when the interval was changed meanwhile: count the grid slots
  // strictly between.
  const int64_t whole = (newest - slot_at(schedule, *last)) / schedule.interval;
  return {.due = true, .slot = newest, .missed = static_cast<uint64_t>(whole - 1), .next = next};
}

uint32_t round_robin_location(const Schedule& schedule, SystemTime slot, uint32_t locations) {
  CHECK(locations > 0, "a monitor has a location");
  const int64_t number = slot_number(schedule, slot);
  const int64_t remainder = number - floor_divide(number, locations) * int64_t{locations};
  return static_cast<uint32_t>(remainder);
}

}  // namespace tocsin
