// Rows of the table `channels`: definitions in the clear, secrets sealed (secret_box.h). What
// cannot be opened is never passed over: loading fails and says what to do, unless whoever started
// the server said that such secrets are to be forgotten; the channel then stays, marked.
#pragma once

#include <vector>

#include "base/result.h"
#include "store/secret_box.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

// conflict: the key is gone or unusable, and making another would lose what others were sealed
// with.
Result<void> write_channel(sqlite::Database& database, const ChannelRow& row, SecretBox& box);

// By id. conflict: secrets cannot be opened; the message names the key and the channels, and says
// what to do. corrupt: a row that cannot be read.
Result<std::vector<ChannelRow>> load_channels(sqlite::Database& database, const SecretBox& box);

// Marks the secrets that cannot be opened as lost, for good.
Result<void> forget_lost_secrets(sqlite::Database& database, const SecretBox& box);

}  // namespace tocsin
