// What readers of the engine see: plain copies, made on the loop, safe to carry away.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/plan.h"
#include "engine/self_watch.h"
#include "model/monitor.h"
#include "model/status.h"
#include "store/store.h"

namespace tocsin {

struct MonitorView {
  MonitorUid uid;
  std::shared_ptr<const Monitor> definition;
  MonitorState state;
  std::optional<SystemTime> next_run;
  std::optional<Attempt> last;  // newest attempt, without received bytes and transcript
  bool retired = false;         // removed; found by its uid until its history is gone
};

struct MonitorFilter {
  std::optional<StatusKind> status;
  // Empty = all; search looks at id, name and target, ignoring case; project "ui" is what was made
  // over the API.
  std::string tag, group, project, search;
  MonitorUid after;  // continue behind this one; the order is that of first appearance
  size_t limit = 100;
};

// The first `filter.limit` monitors that match, read in pieces (Engine::read_on).
struct MonitorList {
  MonitorFilter filter;
  std::vector<MonitorView> rows = {};
  // The monitor to continue behind is not known: behind it would be the first page again, and so
  // without end.
  bool starts_nowhere = false;
  size_t place = 0;  // where the next piece begins
};

// The live ones of these monitors, read in pieces.
struct ChosenMonitors {
  std::vector<MonitorUid> wanted;
  std::vector<MonitorView> rows = {};
  size_t place = 0;  // in `wanted`
};

struct ReloadSummary {
  size_t added = 0, changed = 0, kept = 0, retired = 0, revived = 0;
  std::vector<std::string> warnings;  // sentences; what was applied is not what one might expect
};

using IncidentView = Incident;

// What is remembered of an incident that closed.
struct ClosedIncident {
  IncidentId id;
  SystemTime closed{};
  std::string reason;  // "recovered", "removed"
};
// "The incident was closed at 2026-11-21T14:03:20.000Z (recovered); there is nothing to
// acknowledge."
std::string closed_sentence(const ClosedIncident& closed);

// How our own side fares: what a check needs and may be short of, and what the canaries say.
struct OwnSide {
  size_t slots = 0;       // checks that can be under way at once, by descriptors
  uint64_t put_off = 0;   // attempts that something of ours prevented, since start; tried again
  uint64_t given_up = 0;  // checks that it prevented for all of their time: unknown
  uint64_t withheld = 0;  // failures that were not believed because a canary failed too
  uint32_t stretch = 1;   // every so many-th tick is run (engine/interval_stretch.h)
  double busy = 0;        // share of its time in which the loop works, 0 - 1, last seconds
  std::vector<std::string> short_of_ports;  // destinations slowed because local ports run out
  CanaryView canary;
};

struct EngineHealth {
  size_t monitors = 0, enabled = 0;
  size_t of_files = 0;  // of the monitors, those that the operator's files made
  uint64_t ticks_run = 0, skipped_in_progress = 0, skipped_missed = 0, skipped_overload = 0;
  uint64_t attempts_passed = 0, attempts_degraded = 0, attempts_failed = 0, attempts_unknown = 0;
  size_t in_flight = 0, probes_waiting = 0, deliveries_waiting = 0;
  OwnSide own;
  uint64_t deliveries_delivered = 0, deliveries_failed_attempts = 0, deliveries_dead = 0;
  Duration lag_p50{}, lag_p99{}, lag_max{};  // slot to start, last 60 s
  std::vector<uint64_t> lag_buckets;         // counts since start, bounds in kLagBuckets
  Duration lag_sum{};                        // of all that these count
  StoreHealth store;
  std::string config_error;  // why the last reload was refused; empty = fine
  SystemTime config_loaded{};
};

// Upper bounds of the scheduling-lag histogram, microseconds; one bucket more above the last.
inline constexpr int64_t kLagBuckets[] = {100,   250,   500,   1000,   2500,   5000,
                                          10000, 20000, 50000, 100000, 250000, 1000000};

}  // namespace tocsin
