// advance: the confirmation machine. One outcome moves the status of a monitor; what changed is
// said, not done.
#pragma once

#include "base/time.h"
#include "model/monitor.h"
#include "model/status.h"
#include "model/verdict.h"

namespace tocsin {

enum class Change : uint8_t { none, pending, changed };  // pending: evidence grows, not enough yet

struct Transition {
  Change change = Change::none;
  StatusKind from = StatusKind::pending, to = StatusKind::pending;
  SystemTime at{};                           // slot of the outcome
  std::optional<SystemTime> first_bad_slot;  // when it became bad
  std::optional<ProbeError> error;
  bool confirmed_bad =
      false;  // down (or degraded, when the policy tells it) is confirmed by this outcome
  bool recovered = false;      // good again, confirmed
  bool severity_rose = false;  // degraded -> down while already told
  bool run_now = false;  // the time-based clock ended and the newest outcome is older than 30 s:
                         // one extra run decides
};

struct StatusStep {
  Status after;
  Transition transition;
};

// Moves `before` by one outcome. Product.md "Status", table `alert`. An outcome not newer than
// before's (clock_epoch, slot) changes nothing. `unknown` neither adds to nor resets a streak.
StatusStep advance(const Status& before, const AlertPolicy& policy, const Outcome& outcome);

// What time alone changes, called when an outcome is overdue or the time-based clock ends: unknown
// after max(3 intervals, 60 s) without a known outcome; after_minutes over.
StatusStep advance_by_time(const Status& before, const AlertPolicy& policy, Duration interval,
                           SystemTime now);
// When advance_by_time has to be asked next; nothing = not before the next outcome.
std::optional<SystemTime> next_by_time(const Status& status, const AlertPolicy& policy,
                                       Duration interval);

// Pause and resume by a person. Resumed is pending; what was down or degraded before is remembered
// behind it (`known`).
StatusStep pause(const Status& before, SystemTime now);
StatusStep resume(const Status& before, SystemTime now);

}  // namespace tocsin
