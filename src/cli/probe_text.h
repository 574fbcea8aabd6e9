// Results of `tocsin probe` for people. Pure: values in, lines out.
#pragma once

#include <string>

#include "cli/probe_statistics.h"
#include "cli/style.h"
#include "model/evidence.h"
#include "model/monitor.h"

namespace tocsin::cli {

struct ProbeTextOptions {
  Style style;
  size_t target_width = 0;  // of the widest target, so that times stand below each other
  size_t verbosity = 0;     // 1: address, kernel time, bytes, TLS; 2: transcript
};

// One line, and below it what helps: why it failed, what was found out about that (`evidence`, or
// nullptr), what to try, what was asked for with -v.
std::string probe_text(const Monitor& monitor, const Attempt& attempt, const Evidence* evidence,
                       const ProbeTextOptions& options);

std::string statistics_text(const Monitor& monitor, const ProbeStatistics& statistics,
                            const Style& style);

}  // namespace tocsin::cli
