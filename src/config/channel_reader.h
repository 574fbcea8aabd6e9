// One entry of `channels`. Secrets are read and checked here and shown by no message.
#pragma once

#include <optional>

#include "config/reader.h"
#include "model/channel.h"

namespace tocsin {

std::optional<Channel> read_channel(Reader& reader, const YamlNode& entry);

}  // namespace tocsin
