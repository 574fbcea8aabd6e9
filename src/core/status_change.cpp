#include "core/status_change.h"

namespace tocsin {

bool is_tellable(StatusKind kind, const AlertPolicy& policy) {
  return kind == StatusKind::down || (kind == StatusKind::degraded && policy.degraded);
}

std::optional<SystemTime> clock_end(const Status& status, const AlertPolicy& policy) {
  if (!policy.after_minutes || !status.first_bad_slot || status.known == StatusKind::down) {
    return std::nullopt;
  }
  return *status.first_bad_slot + *policy.after_minutes;
}

Transition change_kind(Status& after, const Status& before, StatusKind kind,
                       const AlertPolicy& policy, SystemTime at) {
  const StatusKind known = before.known;
  const bool was_bad = known == StatusKind::down || known == StatusKind::degraded;
  Transition transition{.from = before.kind, .to = kind, .at = at};
  transition.first_bad_slot = kind == StatusKind::down || known == StatusKind::down
                                  ? after.first_bad_slot
                                  : after.first_degraded_slot;
  transition.error = after.error;
  transition.confirmed_bad = kind != known && is_tellable(kind, policy);
  transition.severity_rose = kind == StatusKind::down && known == StatusKind::degraded;
  transition.recovered = was_bad && kind != known && !is_tellable(kind, policy);
  if (kind != before.kind) {
    transition.change = Change::changed;
    after.kind = kind;
    after.since = at;
  }
  if (kind != known) {
    after.known = kind;
    after.good_streak = 0;
    if (kind == StatusKind::up) {
      after.first_degraded_slot.reset();
      after.error.reset();
    }
    if (kind == StatusKind::up || known == StatusKind::down) {
      after.first_bad_slot.reset();
    }
  }
  return transition;
}

}  // namespace tocsin
