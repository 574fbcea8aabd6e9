// GET system: version, work, store, deliveries, configuration, what is kept for how long.
#include <filesystem>
#include <system_error>

#include "api/handlers.h"
#include "api/services.h"
#include "api/system_json.h"

namespace tocsin {
namespace {

// The database with its write-ahead log; the reserve is not data.
std::optional<uint64_t> bytes_of(const std::filesystem::path& file) {
  uint64_t sum = 0;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::path part = file;
    part += suffix;
    std::error_code error;
    const uintmax_t bytes = std::filesystem::file_size(part, error);
    if (error && std::string_view(suffix).empty()) {
      return std::nullopt;
    }
    sum += error ? 0 : bytes;
  }
  return sum;
}

}  // namespace

void get_system(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  ask_engine(
      api, {request.request_id, respond}, [](Engine& engine) { return engine.health(); },
      [&api, respond](const EngineHealth& health) {
        const ApiServices& parts = api.services;
        respond({.body = system_body({.version = parts.version,
                                      .started = api.started,
                                      .now = parts.clock.system_now(),
                                      .store_path = parts.about.store_file.string(),
                                      .store_bytes = bytes_of(parts.about.store_file),
                                      .config_files = parts.about.config_files,
                                      .retention = parts.about.retention,
                                      .io = parts.about.io,
                                      .realtime = parts.about.realtime,
                                      .health = health})});
      });
}

}  // namespace tocsin
