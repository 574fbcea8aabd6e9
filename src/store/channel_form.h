// The stored form of a channel, in two parts: its definition as JSON without any secret, and its
// secrets as a text of their own that only SecretBox may write to the disk.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/channel.h"

namespace tocsin {

// Names of headers stand in it, their values do not; read back they are empty.
std::string to_json(const Channel& channel);
Result<Channel> channel_from_json(std::string_view text);

// Empty when it has none.
std::string channel_secrets(const Channel& channel);
// corrupt: not such a text, or that of another channel; `channel` is left as it is then.
Result<void> put_secrets(Channel& channel, std::string_view secrets);

}  // namespace tocsin
