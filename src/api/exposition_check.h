// For tests: reads a whole answer of /metrics as strictly as the text says it should be written
// (Prometheus text format 0.0.4, OpenMetrics 1.0) and gives every mistake as a line; none is right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/metrics_writer.h"

namespace tocsin {

std::vector<std::string> exposition_mistakes(std::string_view text, MetricsFormat format);

}  // namespace tocsin
