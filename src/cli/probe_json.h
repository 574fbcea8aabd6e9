// Results of `tocsin probe --json`: one object a line. The field names are a contract;
// `schema_version` grows when one changes its meaning.
#pragma once

#include <string>

#include "cli/probe_statistics.h"
#include "model/evidence.h"
#include "model/monitor.h"

namespace tocsin::cli {

inline constexpr int kJsonSchemaVersion = 1;

// {"schema_version":1,"kind":"probe",...} with a line end. With the transcript comes what was found
// out about a failure; null when nobody looked (`evidence` is nullptr).
std::string probe_json(const Monitor& monitor, const Attempt& attempt, const Evidence* evidence,
                       bool with_transcript);
// {"schema_version":1,"kind":"statistics",...} with a line end.
std::string statistics_json(const Monitor& monitor, const ProbeStatistics& statistics);

}  // namespace tocsin::cli
