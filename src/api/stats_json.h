// Statistics as the API shows them. Pure. What nothing is known of is null, never 0.
#pragma once

#include <string>

#include "api/json_writer.h"
#include "core/stats.h"

namespace tocsin {

std::string stats_body(const StatsRange& range, const StatsWindow& window,
                       const Statistics& statistics);
// dns_us, connect_us, tls_us, data_us of medians, and response_time_us behind them.
void write_medians(JsonWriter& json, const Medians& middle);

}  // namespace tocsin
