// What was made over the API as a configuration file. Channels are not in it: they are the files'.
#pragma once

#include <span>

#include "config/written_value.h"
#include "engine/views.h"

namespace tocsin {

// {version: 1, monitors: {ID: definition}}; the file that takes it in names project and channels.
WrittenValue export_of(std::span<const MonitorView> views);

}  // namespace tocsin
