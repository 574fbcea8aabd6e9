// A channel as an answer: everything but its secrets, of which only "is set" is said. Pure.
#pragma once

#include <string>

#include "api/json_writer.h"
#include "engine/channel_desk.h"

namespace tocsin {

void write_channel(JsonWriter& json, const ChannelView& view);

// 16 hex digits that change with every change of the definition. Made without the secrets, so that
// nobody can try guesses against it; a change of secrets alone shows by the version.
std::string channel_revision(const ChannelView& view);

}  // namespace tocsin
