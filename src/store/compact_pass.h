// What a pass says besides its numbers, in few bytes: the address it reached and its sentence. Two
// sentences, which nearly all passes have, follow from the numbers and cost a bit of the column
// `flags`; any other is stored as it is, so a changed wording in core costs space, nothing else.
// docs/formats/store.md has the form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/time.h"

namespace tocsin {

// The address in 4 or 16 bytes, then the port in 2, the high one first; nothing for a unix socket.
// A scope is left out: the reach gate lets nothing through to a link-local address.
std::optional<std::string> pack_address(const std::optional<SocketAddress>& address);
// Nothing when it has another size.
std::optional<SocketAddress> unpack_address(std::string_view bytes);

// The form of a sentence that follows from the response time. Do not change the values, nor the
// sentences: they are on disk.
enum class PassForm : unsigned { other = 0, connected = 1, answered = 2 };

// "Connected in 312 µs."; empty for `other`.
std::string pass_sentence(PassForm form, Duration response_time);
PassForm form_of_pass(std::string_view sentence, Duration response_time);

}  // namespace tocsin
