// What a start needs of the store: every monitor with its state, open incidents, waiting
// deliveries, channels, the clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "store/store.h"

namespace tocsin {

struct LoadSettings {
  size_t readers = 0;           // threads with a connection each; 0: the calling thread does it all
  size_t monitors_a_piece = 0;  // of what a thread reads at once
};
LoadSettings load_settings_for(uintmax_t file_bytes);

// Of the file, in which nobody writes what is read here; its key is in the same folder. Tables that
// decisions rest on are checked beside the reading: when it returns well they are whole. corrupt: a
// table that is damaged, or a row that cannot be read; the message names it.
Result<LoadedStore> load_store(const std::filesystem::path& file, const LoadSettings& settings,
                               const TakeMonitors& take);

}  // namespace tocsin
