// What --tls and its companions ask of TLS.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "model/monitor.h"
#include "model/preset.h"

namespace tocsin::cli {

// In the order of the help.
std::vector<FlagSpec> tls_flags();

// Any of them turns TLS on, and so does a preset that speaks it; where `request` says when it
// begins it begins there. invalid_input names the flag.
Result<TlsOptions> read_tls(const Arguments& arguments, const Preset* preset,
                            std::span<const Step> request);

}  // namespace tocsin::cli
