// combine: several locations, one tick -> Outcome. Product.md "Combine".
#pragma once

#include <map>
#include <optional>
#include <span>

#include "base/time.h"
#include "model/monitor.h"
#include "model/verdict.h"

namespace tocsin {

// How old a location's newest verdict may be to count: parallel 1 interval, round robin n
// intervals; + the longest attempt + retry total (retry_total_max).
Duration verdict_age_max(const Monitor& monitor);

// The outcome of tick (epoch, slot) from the newest final Run of each configured location, in the
// monitor's order; nothing = no run. `unknown`, missing and too old ones leave numerator and
// denominator. Fewer counted than at_least M: unknown, quorum_reached=false.
Outcome combine(const Monitor& monitor, std::span<const std::optional<Run>> newest,
                uint32_t clock_epoch, SystemTime slot);

// True when no result still to come for this tick could change the verdict of the outcome
// (`waiting` locations have not answered).
bool is_decided(const Monitor& monitor, std::span<const std::optional<Run>> newest,
                uint32_t waiting, uint32_t clock_epoch, SystemTime slot);

// Latest time an outcome is decided: slot + the longest attempt + what the retries can really take
// (retry_total_max) + 2 s.
SystemTime outcome_deadline(const Monitor& monitor, SystemTime slot);

}  // namespace tocsin
