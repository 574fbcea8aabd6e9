// Config: everything that a set of configuration files says, as values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/limits.h"
#include "model/channel.h"
#include "model/io_backend.h"
#include "model/monitor.h"

namespace tocsin {

struct Retention {
  Duration raw = 24h * 35;
  Duration failures = 24h * 400;
  Duration hourly = 24h * 730;
  bool operator==(const Retention&) const = default;
};

// How many requests the API takes of one credential.
struct RequestRate {
  uint32_t per_second = kRequestsPerSecond;  // in the long run
  uint32_t burst = kRequestBurst;            // at once
  bool operator==(const RequestRate&) const = default;
};

// Top-level key `server`; every field has a default, none is needed.
struct ServerSettings {
  std::string public_url;  // used in links; empty = http://LISTEN
  Retention retention;
  std::vector<std::string> reach_allow;  // CIDR blocks an editor's monitors may reach
  std::vector<std::string> dns_servers;  // "127.0.0.1:53"; empty = the system's
  // Name asked to tell a dead resolver from a dead name; empty = the server's own host name.
  std::string dns_canary;
  // Where probes come from whose monitor says nothing; at most one of each family.
  std::vector<IpAddress> sources;
  RequestRate rate_limit;
  IoBackend io = IoBackend::automatic;       // of the probes
  bool realtime = false;                     // the loop asks for real-time priority
  std::vector<std::string> trusted_proxies;  // CIDR blocks; their X-Forwarded-For is believed
  bool operator==(const ServerSettings&) const = default;
};

struct Config {
  std::string project_id = "default";
  std::string project_name;
  ServerSettings server;
  std::map<std::string, Channel> channels;  // by id
  std::vector<Monitor> monitors;            // for_each expanded; order of the files
};

}  // namespace tocsin
