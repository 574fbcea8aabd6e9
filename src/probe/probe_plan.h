// What a monitor's definition means for one attempt: which addresses, which phases, how to close.
#pragma once

#include <cstddef>
#include <string>

#include "base/address.h"
#include "model/monitor.h"
#include "ports/resolver.h"

namespace tocsin {

// Of what has to be looked up here: the target's name, or the proxy's.
AddressWish wish_of(const Monitor& monitor);
// ip_family all: each address of the name is probed. A proxy shows none.
bool probes_each_address(const Monitor& monitor);
// More than one address may be tried, one after the other.
bool races(const Monitor& monitor);
// How many connections one attempt may need at the same time.
size_t connections_at_once(const Monitor& monitor);
// The user wrote one family and a literal of the other.
bool is_unfit(const Monitor& monitor, const IpAddress& literal);

// Phases after connect. None of them when the port should not be open: then everything is known at
// connect time.
bool needs_tls(const Monitor& monitor);
bool needs_dialogue(const Monitor& monitor);
// Directly, or after words in clear.
bool speaks_tls(const Monitor& monitor);

// Accept-less is for connections on which nothing is said; others end in order.
CloseMode close_of(const Monitor& monitor);
// The protocol's last words; empty where neither the preset nor STARTTLS has any.
std::string goodbye_of(const Monitor& monitor);

}  // namespace tocsin
