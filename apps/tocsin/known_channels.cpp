#include "known_channels.h"

#include <utility>

#include "store/sqlite_store.h"

namespace tocsin {

std::set<std::string> known_channels(const std::filesystem::path& data, const Log& log) {
  Result<std::set<std::string>> ids = stored_channel_ids(data);
  if (!ids) {
    log.warning("channels made over the API cannot be read", {{"why", ids.error().message}});
    return {};
  }
  return std::move(*ids);
}

}  // namespace tocsin
