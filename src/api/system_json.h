// The server about itself, for the page that people look at when it is slow or full. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/views.h"
#include "model/config.h"

namespace tocsin {

struct SystemFacts {
  std::string version;
  SystemTime started{}, now{};
  std::string store_path;
  std::optional<uint64_t> store_bytes;  // nothing when it cannot be looked at
  std::vector<std::string> config_files;
  Retention retention;
  IoBackend io = IoBackend::epoll;  // what carries the probes
  bool realtime = false;            // with real-time priority
  EngineHealth health;
};

std::string system_body(const SystemFacts& facts);

}  // namespace tocsin
