// The definition of a channel as one would write it, without its secrets: in the place of each
// stands a reference to a variable of the environment, named after the channel, which whoever takes
// the file in has to set. A file with the secret forgotten would be read and tell nobody.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "config/written_value.h"
#include "model/channel.h"

namespace tocsin {

// A map; the id is the key it would stand under. `variables` are the names given so far in this
// file: each gets one of its own.
WrittenValue write_channel_definition(const Channel& channel, std::set<std::string>& variables);

// As people write it in `send`: "down" for monitor.down.
std::string_view event_word(EventType event);

}  // namespace tocsin
