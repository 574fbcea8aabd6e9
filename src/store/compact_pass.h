// A pass in few bytes: the address it reached, and which passes are numbers and nothing else. Two
// sentences, which nearly all passes have, follow from the numbers (model/pass_sentence.h) and cost
// a bit of the column `flags`; any other is stored as it is, so a changed wording in core costs
// space, nothing else. docs/formats/store.md has the form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "model/plain_pass.h"
#include "store/store.h"

namespace tocsin {

// The address in 4 or 16 bytes, then the port in 2, the high one first; nothing for a unix socket.
// A scope is left out: the reach gate lets nothing through to a link-local address.
std::optional<std::string> pack_address(const std::optional<SocketAddress>& address);
// Nothing when it has another size.
std::optional<SocketAddress> unpack_address(std::string_view bytes);

// The attempt in numbers; nothing when it is to be stored as a row.
std::optional<PlainPass> plain_pass_of(const StoredAttempt& stored);

}  // namespace tocsin
