// What of a monitor's way (source, proxy, ip_family, close) does not go together. The one rule of
// files, the API and the command line: each says it in its own words. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "model/monitor.h"

namespace tocsin {

enum class WayMisfit : uint8_t {
  unix_source,          // a unix socket is reached from no address
  unix_proxy,           // and through no proxy
  source_of_address,    // the source and the address connected to are of two families
  source_of_ip_family,  // the source is not of the family a name is asked for
  proxied_family,       // the proxy looks the name up, so a family means nothing
  proxied_quiet,        // the proxy sees its connection: nothing stays unseen
  proxied_resolved_ip,  // an assertion about an address that nobody here learns
};

// In the order above; empty: all goes together.
std::vector<WayMisfit> way_misfits(const Monitor& monitor);

}  // namespace tocsin
