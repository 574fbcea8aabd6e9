#include "core/stats.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace tocsin {
namespace {

// Puts what was counted at a time where it belongs.
class Sorter {
 public:
  explicit Sorter(const StatsWindow& window) : window_(window) {
    result_.buckets.resize(window.buckets());
  }

  // `count` adds to a Tally.
  template <class Count>
  void take(SystemTime at, uint16_t location, Count count) {
    if (window_.before.holds(at)) {
      count(result_.before.tally);
      return;
    }
    if (window_.now.holds(at)) {
      count(result_.now.tally);
      count(result_.buckets[window_.bucket_of(at)]);
      count(locations_[location]);
    }
  }

  Statistics finish() {
    for (auto& [location, tally] : locations_) {
      result_.locations.push_back({.location = location, .tally = std::move(tally)});
    }
    return std::move(result_);
  }

 private:
  const StatsWindow& window_;
  Statistics result_;
  std::map<uint16_t, Tally> locations_;
};

// The part of an incident within a span; from == to when there is none.
TimeSpan clipped(const IncidentSpan& incident, const TimeSpan& span) {
  const SystemTime from = std::clamp(incident.began, span.from, span.to);
  const SystemTime to = std::clamp(incident.closed.value_or(span.to), from, span.to);
  return {.from = from, .to = to};
}

// Incidents of one monitor follow each other, but a clock that was set may lay one over another: no
// moment counts twice.
Duration joined_length(std::vector<TimeSpan> spans) {
  std::ranges::sort(spans, {}, &TimeSpan::from);
  Duration length{};
  SystemTime reached = SystemTime::min();
  for (const TimeSpan& span : spans) {
    const SystemTime from = std::max(span.from, reached);
    if (span.to > from) {
      length += span.to - from;
      reached = span.to;
    }
  }
  return length;
}

void count_incidents(std::span<const IncidentSpan> incidents, const TimeSpan& span,
                     PeriodStats& stats) {
  std::vector<TimeSpan> down;
  Duration repair{};
  int64_t repaired = 0;
  for (const IncidentSpan& incident : incidents) {
    if (incident.began >= span.to || (incident.closed && *incident.closed <= span.from)) {
      continue;
    }
    ++stats.incidents;
    if (!incident.is_down) {
      continue;
    }
    const TimeSpan part = clipped(incident, span);
    down.push_back(part);
    if (incident.has_recovered && incident.closed && *incident.closed < span.to) {
      repair += part.length();
      ++repaired;
    }
  }
  stats.downtime = joined_length(std::move(down));
  if (repaired > 0) {
    stats.mean_repair = repair / repaired;
  }
}

std::optional<Duration> median(std::vector<Duration>& values) {
  if (values.empty()) {
    return std::nullopt;
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

Statistics statistics(const StatsWindow& window, const StatsInput& input) {
  Sorter sorter(window);
  for (const ResultSample& sample : input.samples) {
    sorter.take(sample.slot, sample.location, [&](Tally& tally) {
      tally.add(sample.verdict, sample.response_time, sample.phases);
    });
  }
  for (const HourTally& hour : input.hours) {
    sorter.take(hour.hour, hour.location, [&](Tally& tally) { tally.add(hour.tally); });
  }
  Statistics result = sorter.finish();
  // An open incident has lasted until now, not until the end of the running bucket.
  const TimeSpan passed{.from = window.now.from, .to = std::min(window.until, window.now.to)};
  count_incidents(input.incidents, passed, result.now);
  count_incidents(input.incidents, window.before, result.before);
  return result;
}

Medians medians(std::span<const ResultSample> samples) {
  std::vector<Duration> responses;
  std::array<std::vector<Duration>, 4> phases;
  for (const ResultSample& sample : samples) {
    if (sample.verdict != Verdict::passed && sample.verdict != Verdict::degraded) {
      continue;
    }
    responses.push_back(sample.response_time);
    const std::array taken = {sample.phases.dns, sample.phases.connect, sample.phases.tls,
                              sample.phases.data};
    for (size_t index = 0; index < taken.size(); ++index) {
      if (taken[index]) {
        phases[index].push_back(*taken[index]);
      }
    }
  }
  return {.response_time = median(responses),
          .phases = {.dns = median(phases[0]),
                     .connect = median(phases[1]),
                     .tls = median(phases[2]),
                     .data = median(phases[3])}};
}

}  // namespace tocsin
