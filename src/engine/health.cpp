#include "engine/health.h"

#include <string>

#include "engine/interval_stretch.h"
#include "engine/lag_window.h"
#include "engine/self_watch.h"
#include "notify/outbox.h"
#include "probe/prober.h"

namespace tocsin {

void count_deliveries(const Outbox& outbox, EngineHealth& health) {
  health.deliveries_waiting = outbox.waiting();
  const Outbox::Counters sent = outbox.total();
  health.deliveries_delivered = sent.delivered;
  health.deliveries_failed_attempts = sent.failed_attempts;
  health.deliveries_dead = sent.dead;
}

void count_lag(const LagWindow& lag, SteadyTime now, EngineHealth& health) {
  const LagWindow::Summary summary = lag.summary(now);
  health.lag_p50 = summary.p50;
  health.lag_p99 = summary.p99;
  health.lag_max = summary.max;
  health.lag_buckets = lag.buckets();
  health.lag_sum = lag.sum();
}

void count_own_side(const Prober& prober, const SelfWatch& watch, const IntervalStretch& stretch,
                    EngineHealth& health) {
  const ProberCounters probes = prober.counters();
  health.in_flight = probes.in_flight;
  health.probes_waiting = probes.waiting;
  health.own = {.slots = probes.slots,
                .put_off = probes.put_off,
                .given_up = probes.given_up,
                .withheld = watch.withheld(),
                .stretch = stretch.factor(),
                .busy = stretch.busy(),
                .short_of_ports = prober.short_of_ports(),
                .canary = watch.view()};
}

void tell_of_stretch(const Journal& journal, uint32_t factor) {
  if (factor > 1) {
    journal.warning("too much to do: ticks of healthy monitors are left out",
                    {{"one_runs_of", std::to_string(factor)}});
  } else {
    journal.info("every tick is run again", {});
  }
}

}  // namespace tocsin
