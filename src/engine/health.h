// What the parts of the engine say of themselves, joined into EngineHealth.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "engine/views.h"
#include "ports/journal.h"

namespace tocsin {

class IntervalStretch;
class LagWindow;
class Outbox;
class Prober;
class SelfWatch;

void count_deliveries(const Outbox& outbox, EngineHealth& health);
void count_lag(const LagWindow& lag, SteadyTime now, EngineHealth& health);
void count_own_side(const Prober& prober, const SelfWatch& watch, const IntervalStretch& stretch,
                    EngineHealth& health);
// `factor` has changed: of so many ticks one is run.
void tell_of_stretch(const Journal& journal, uint32_t factor);

}  // namespace tocsin
