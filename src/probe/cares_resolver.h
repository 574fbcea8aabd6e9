// Resolver on c-ares with our TTL cache (dns_cache.h): TTLs clamped to 1 s - 1 h, negative answers
// 5-30 s, queries for one name shared, entries up to 1 h past their TTL served as stale (RFC 8767)
// to an asker whose question meets silence, after 1.8 s, half its time at most, or at once when
// nobody listens at the resolver's port; or a failure that is not proven to be the name's. "Down"
// (resolver_down) means: it answered nothing useful in the last 10 s, or since the question was
// put, the canary name included. /etc/hosts counts first, as users expect.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ports/clock.h"
#include "ports/probe_io.h"
#include "ports/resolver.h"

namespace tocsin {

struct ResolverSettings {
  std::vector<std::string> servers;  // "127.0.0.1:53"; empty = /etc/resolv.conf
  std::string canary;  // any name; its answer or NXDOMAIN both prove life. None: names that were
                       // well before stand in for it when the resolver says that it fails
  std::string hosts_file = "/etc/hosts";
  bool is_monitors = false;  // named by a monitor: any word of it is life (probe/resolver_health.h)
};

// `io` carries c-ares' sockets through watch(); it and `clock` outlive the resolver. Errors: a
// server that is not an address (invalid_input), c-ares not starting (unavailable).
Result<std::unique_ptr<Resolver>> make_cares_resolver(ProbeIo& io, const Clock& clock,
                                                      ResolverSettings settings);

}  // namespace tocsin
