// Causes: what may lie behind an error, the likeliest first by what the attempt itself shows, and
// commands to try. Guesses, and told as such; the fact stands in explain_error (core/evaluate.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/dialogue_flags.h"
#include "model/evidence.h"
#include "model/monitor.h"
#include "model/result.h"

namespace tocsin {

// Likely causes, plain sentences, at least one. `evidence`: what was found out since, or null.
std::vector<std::string> likely_causes(const ProbeError& error, const Monitor& monitor,
                                       const ProbeResult& result,
                                       const Evidence* evidence = nullptr);

// Lines for a shell, at least one, that go the way of the attempt: its family, source, resolver,
// proxy and TLS, and its dialogue where the attempt got so far; nothing from a configuration gets
// into them unquoted. The ones that begin with "# on HOST:" are for the host of the service; one
// with kCommandLacks says of the line before that it may pass, and why.
std::vector<std::string> commands_to_try(const ProbeError& error, const Monitor& monitor,
                                         const ProbeResult& result,
                                         SendsShown shown = SendsShown::yes);
inline constexpr std::string_view kCommandLacks = "# without";

}  // namespace tocsin
