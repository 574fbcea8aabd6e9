// Our own metrics: from the engine's health to the text of /metrics. Names are API. Pure.
#pragma once

#include <span>
#include <string>

#include "api/metrics_writer.h"
#include "api/process_facts.h"
#include "engine/views.h"

namespace tocsin {

// Above it no series of single monitors: a scrape must stay small.
inline constexpr size_t kMonitorSeriesMax = 2000;

struct MetricsFacts {
  std::string version;
  EngineHealth health;
  std::span<const MonitorView>
      monitors;  // one more than kMonitorSeriesMax is enough to know that there are too many
  ProcessFacts process;
  uint64_t requests_refused = 0;  // by the limit of requests
};
std::string metrics_text(MetricsFormat format, const MetricsFacts& facts);

}  // namespace tocsin
