// Statistics of one monitor over a range: values in, values out. Availability counts results:
// (passed + degraded) / (passed + degraded + failed); unknown ones say nothing and are left out.
// Downtime and time to recovery come from incidents, clipped to the range, because they know when a
// failure began and ended whatever the interval is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/stats_window.h"
#include "core/tally.h"

namespace tocsin {

// The numbers of one final result.
struct ResultSample {
  SystemTime slot{};
  uint16_t location = 0;
  Verdict verdict = Verdict::unknown;
  Duration response_time{};
  Phases phases;
  bool operator==(const ResultSample&) const = default;
};

// What statistics look at in an incident.
struct IncidentSpan {
  SystemTime began{};
  std::optional<SystemTime> closed;  // nothing: still open
  bool is_down = true;               // false: of severity degraded, in which the service answers
  bool has_recovered = false;        // false as well: closed because the monitor was removed
  bool operator==(const IncidentSpan&) const = default;
};

// Single results or hours, not both of one time: each would be counted twice. The order does not
// matter; what lies outside of the window is passed over.
struct StatsInput {
  std::span<const ResultSample> samples;
  std::span<const HourTally> hours;
  std::span<const IncidentSpan> incidents;
};

struct PeriodStats {
  Tally tally;
  Duration downtime{};                  // time within an incident of severity failed
  uint64_t incidents = 0;               // open at some time of the period
  std::optional<Duration> mean_repair;  // of those that recovered in it, their part within it
};

struct LocationStats {
  uint16_t location = 0;
  Tally tally;
};

struct Statistics {
  PeriodStats now, before;
  std::vector<Tally> buckets;  // of StatsWindow::buckets(); an empty one is a gap, not a zero
  std::vector<LocationStats> locations;  // of `now`, by number
};

Statistics statistics(const StatsWindow& window, const StatsInput& input);

// The middle value (nearest rank) of passed and degraded results; nothing where there is none.
struct Medians {
  std::optional<Duration> response_time;
  Phases phases;
};
Medians medians(std::span<const ResultSample> samples);

}  // namespace tocsin
