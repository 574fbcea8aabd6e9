// What may lie behind a failure of STARTTLS: the talk that asks for TLS, or the handshake that was
// agreed on. Guesses (core/causes.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/monitor.h"
#include "model/result.h"

namespace tocsin {

// How the detail of an error goes on that a dialogue ended with; the step follows.
inline constexpr std::string_view kWaitingMark = " while waiting for ";

// A dialogue in phase tls is the talk before the handshake.
bool is_starttls_talk(const ProbeError& error);

// STARTTLS came to no handshake, or to one of which nothing else is known.
bool is_of_starttls(const ProbeError& error, const Monitor& monitor);

// Of such an error; at least one.
std::vector<std::string> causes_of_starttls(const ProbeError& error, const Monitor& monitor,
                                            const ProbeResult& result);

// The first bytes of a TLS alert, or what web servers say to plain words on their TLS port.
bool looks_like_tls(std::string_view received);

}  // namespace tocsin
