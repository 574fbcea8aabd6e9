// What was made over the API as a configuration file: monitors and channels, the latter with
// references in the place of their secrets.
#pragma once

#include <span>

#include "config/monitor_writer.h"
#include "config/written_value.h"
#include "engine/channel_desk.h"
#include "engine/views.h"

namespace tocsin {

// {version: 1, channels: {ID: definition}, monitors: {ID: definition}}; the file that takes it in
// names the project. Channels of the files are left out. `sent`: whether the bytes that monitors
// send are shown.
WrittenValue export_of(std::span<const MonitorView> views, std::span<const ChannelView> channels,
                       SentBytes sent);

}  // namespace tocsin
