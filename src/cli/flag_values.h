// Values of flags that more than one command takes: read, bounded, and told what is wrong with them
// ("--timeout must be 100ms to 60s, got 5m").
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "model/monitor.h"

namespace tocsin::cli {

// What `error` says, behind the name of the flag.
Error at_flag(const std::string& flag, const Error& error);

// `otherwise` when the flag was not given; the bounds belong to the range.
Result<Duration> read_duration(const Arguments& arguments, const std::string& flag,
                               Duration otherwise, Duration min, Duration max);
Result<size_t> read_number(const Arguments& arguments, const std::string& flag, size_t otherwise,
                           size_t min, size_t max);
// --ipv4 or --ipv6; without either what a monitor uses.
Result<IpFamily> read_family(const Arguments& arguments);

}  // namespace tocsin::cli
