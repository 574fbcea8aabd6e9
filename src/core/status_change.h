// The one place where a status changes its kind: what is reset, what is kept, and which flags the
// change carries. Shared by advance (an outcome came) and advance_by_time (it did not); of no use
// to others.
#pragma once

#include "core/advance.h"

namespace tocsin {

// Down, or degraded when the policy tells it: what an incident is opened for.
bool is_tellable(StatusKind kind, const AlertPolicy& policy);

// When the clock of after_minutes ends; nothing while it does not run.
std::optional<SystemTime> clock_end(const Status& status, const AlertPolicy& policy);

// Moves `after` to `kind` at `at` and says how that looks from `before`. The same kind as `before`
// gives Change::none.
Transition change_kind(Status& after, const Status& before, StatusKind kind,
                       const AlertPolicy& policy, SystemTime at);

}  // namespace tocsin
