#include "api/server_changes.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace tocsin {

std::vector<std::string> restart_warnings(const ServerSettings& running,
                                          const ServerSettings& wanted) {
  struct Setting {
    std::string_view name;
    bool is_same;
  };
  const std::array settings = {
      Setting{"public_url", running.public_url == wanted.public_url},
      Setting{"retention.raw", running.retention.raw == wanted.retention.raw},
      Setting{"retention.failures", running.retention.failures == wanted.retention.failures},
      Setting{"retention.hourly", running.retention.hourly == wanted.retention.hourly},
      Setting{"reach.allow", running.reach_allow == wanted.reach_allow},
      Setting{"dns.servers", running.dns_servers == wanted.dns_servers},
      Setting{"dns.canary", running.dns_canary == wanted.dns_canary},
      Setting{"source", running.sources == wanted.sources},
      Setting{"rate_limit.per_second",
              running.rate_limit.per_second == wanted.rate_limit.per_second},
      Setting{"rate_limit.burst", running.rate_limit.burst == wanted.rate_limit.burst},
      Setting{"io", running.io == wanted.io},
      Setting{"realtime", running.realtime == wanted.realtime},
      Setting{"trusted_proxies", running.trusted_proxies == wanted.trusted_proxies},
  };
  std::vector<std::string> warnings;
  for (const Setting& setting : settings) {
    if (!setting.is_same) {
      warnings.push_back(fmt::format(
          "server.{} was changed: it counts after a restart of the server.", setting.name));
    }
  }
  if (warnings.empty() && running != wanted) {
    warnings.emplace_back("Settings under server were changed: they count after a restart.");
  }
  return warnings;
}

}  // namespace tocsin
