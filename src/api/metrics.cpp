#include "api/metrics.h"

#include <fmt/format.h>

#include <array>

namespace tocsin {
namespace {

using Type = MetricType;

double seconds(Duration value) { return std::chrono::duration<double>(value).count(); }
uint64_t flag(bool value) { return value ? 1 : 0; }

void one(MetricsWriter& out, std::string_view name, Type type, std::string_view help,
         uint64_t value) {
  out.family(name, type, help);
  out.sample({}, value);
}

void write_monitor_counts(MetricsWriter& out, const EngineHealth& health) {
  one(out, "tocsin_monitors", Type::gauge, "Monitors known, retired ones left out.",
      health.monitors);
  one(out, "tocsin_monitors_enabled", Type::gauge, "Monitors that are checked.", health.enabled);
}

// Only a status that is known: a monitor nobody could check is neither up nor down.
void write_monitor_up(MetricsWriter& out, std::span<const MonitorView> monitors) {
  out.family("tocsin_monitor_up", Type::gauge,
             "1 when the monitor is up or degraded, 0 when it is down.");
  if (monitors.size() > kMonitorSeriesMax) {
    out.comment(fmt::format("tocsin_monitor_up is left out: there are more than {} monitors.",
                            kMonitorSeriesMax));
    return;
  }
  for (const MonitorView& view : monitors) {
    const StatusKind kind = view.state.status.kind;
    if (kind != StatusKind::up && kind != StatusKind::degraded && kind != StatusKind::down) {
      continue;
    }
    const Monitor& monitor = *view.definition;
    out.sample({{"project", monitor.project}, {"monitor", monitor.id}, {"name", monitor.name}},
               flag(kind != StatusKind::down));
  }
}

void write_work(MetricsWriter& out, const EngineHealth& health) {
  out.family("tocsin_probe_results", Type::counter, "Attempts by verdict, since start.");
  out.sample({{"result", "passed"}}, health.attempts_passed);
  out.sample({{"result", "degraded"}}, health.attempts_degraded);
  out.sample({{"result", "failed"}}, health.attempts_failed);
  out.sample({{"result", "unknown"}}, health.attempts_unknown);
  one(out, "tocsin_ticks", Type::counter, "Ticks run, since start.", health.ticks_run);
  out.family("tocsin_ticks_skipped", Type::counter, "Ticks not run, since start.");
  out.sample({{"reason", "run_in_progress"}}, health.skipped_in_progress);
  out.sample({{"reason", "missed"}}, health.skipped_missed);
  out.sample({{"reason", "overload"}}, health.skipped_overload);
  one(out, "tocsin_probes_in_flight", Type::gauge, "Attempts under way.", health.in_flight);
  one(out, "tocsin_probes_waiting", Type::gauge, "Attempts waiting for a free slot.",
      health.probes_waiting);
}

void write_own(MetricsWriter& out, const OwnSide& own) {
  one(out, "tocsin_probe_slots", Type::gauge, "Attempts that can be under way at once.", own.slots);
  one(out, "tocsin_probes_put_off", Type::counter,
      "Attempts prevented by a shortage of our own and tried again, since start.", own.put_off);
  one(out, "tocsin_probes_given_up", Type::counter,
      "Checks that a shortage of our own prevented for all of their time, since start.",
      own.given_up);
  one(out, "tocsin_failures_withheld", Type::counter,
      "Failures not believed because our own port failed too, since start.", own.withheld);
  one(out, "tocsin_canary_answers", Type::gauge, "1 when our own port answered when last asked.",
      flag(own.canary.answers));
  one(out, "tocsin_interval_stretch", Type::gauge,
      "Of so many ticks of a healthy monitor one is run.", uint64_t{own.stretch});
  out.family("tocsin_loop_busy_ratio", Type::gauge,
             "Share of its time in which the loop works, last seconds.");
  out.sample({}, own.busy);
  one(out, "tocsin_destinations_short_of_ports", Type::gauge,
      "Destinations checked slower because the local ports for them run out.",
      own.short_of_ports.size());
}

void write_lag(MetricsWriter& out, const EngineHealth& health) {
  out.family("tocsin_scheduler_lag_seconds", Type::histogram,
             "From the planned slot of a tick to its real start.");
  uint64_t cumulative = 0;
  for (size_t i = 0; i < std::size(kLagBuckets); ++i) {
    cumulative += i < health.lag_buckets.size() ? health.lag_buckets[i] : 0;
    out.bucket(seconds(Duration(kLagBuckets[i])), cumulative);
  }
  for (size_t i = std::size(kLagBuckets); i < health.lag_buckets.size(); ++i) {
    cumulative += health.lag_buckets[i];
  }
  out.end_histogram(seconds(health.lag_sum), cumulative);
  out.family("tocsin_scheduler_lag_p99_seconds", Type::gauge,
             "99th percentile of the lag over the last minute.");
  out.sample({}, seconds(health.lag_p99));
}

void write_deliveries(MetricsWriter& out, const EngineHealth& health) {
  out.family("tocsin_alert_deliveries", Type::counter,
             "Ends of deliveries, and attempts that failed, since start.");
  out.sample({{"result", "delivered"}}, health.deliveries_delivered);
  out.sample({{"result", "failed_attempt"}}, health.deliveries_failed_attempts);
  out.sample({{"result", "dead"}}, health.deliveries_dead);
  one(out, "tocsin_alert_deliveries_waiting", Type::gauge, "Deliveries not yet done.",
      health.deliveries_waiting);
}

void write_store(MetricsWriter& out, const StoreHealth& store) {
  one(out, "tocsin_store_writable", Type::gauge, "1 when the store can be written.",
      flag(!store.is_volatile));
  one(out, "tocsin_store_reserve_used", Type::gauge,
      "1 when the disk is nearly full and only state and alerts are kept.",
      flag(store.reserve_used));
  one(out, "tocsin_store_volatile", Type::gauge, "1 when nothing is kept any more.",
      flag(store.is_volatile));
  one(out, "tocsin_store_rows_waiting", Type::gauge, "Rows waiting for the writer.",
      store.rows_waiting);
  one(out, "tocsin_store_results_written", Type::counter, "Results made durable, since start.",
      store.results_written);
  one(out, "tocsin_store_results_dropped", Type::counter,
      "Results dropped because the disk or the queue was full, since start.",
      store.results_dropped);
  one(out, "tocsin_store_batches", Type::counter, "Transactions committed, since start.",
      store.batches);
}

void write_config(MetricsWriter& out, const EngineHealth& health) {
  one(out, "tocsin_config_last_reload_successful", Type::gauge,
      "1 when the last reading of the configuration was applied.",
      flag(health.config_error.empty()));
  out.family("tocsin_config_last_reload_success_timestamp_seconds", Type::gauge,
             "When the running configuration was applied.");
  out.sample({}, seconds(health.config_loaded.time_since_epoch()));
}

void write_process(MetricsWriter& out, const ProcessFacts& process) {
  if (process.cpu_seconds) {
    out.family("process_cpu_seconds", Type::counter, "CPU time used, user and system.");
    out.sample({}, *process.cpu_seconds);
  }
  if (process.start_time_seconds) {
    out.family("process_start_time_seconds", Type::gauge, "Start of the process, Unix time.");
    out.sample({}, *process.start_time_seconds);
  }
  struct Row {
    std::string_view name, help;
    std::optional<uint64_t> value;
  };
  const std::array rows = {
      Row{"process_resident_memory_bytes", "Memory in RAM.", process.resident_bytes},
      Row{"process_virtual_memory_bytes", "Address space used.", process.virtual_bytes},
      Row{"process_open_fds", "Open file descriptors.", process.open_fds},
      Row{"process_max_fds", "File descriptors allowed.", process.max_fds},
  };
  for (const Row& row : rows) {
    if (row.value) {
      one(out, row.name, Type::gauge, row.help, *row.value);
    }
  }
}

}  // namespace

std::string metrics_text(MetricsFormat format, const MetricsFacts& facts) {
  MetricsWriter out(format);
  out.family("tocsin_build_info", Type::gauge, "Always 1; the version is a label.");
  out.sample({{"version", facts.version}}, uint64_t{1});
  write_monitor_counts(out, facts.health);
  write_monitor_up(out, facts.monitors);
  write_work(out, facts.health);
  write_own(out, facts.health.own);
  write_lag(out, facts.health);
  write_deliveries(out, facts.health);
  write_store(out, facts.health.store);
  write_config(out, facts.health);
  one(out, "tocsin_api_requests_refused", Type::counter,
      "Requests refused with 429 because of server.rate_limit, since start.",
      facts.requests_refused);
  write_process(out, facts.process);
  return out.take();
}

}  // namespace tocsin
