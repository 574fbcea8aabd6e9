// Tells the supervisor how far we are, when one asked for it (sd_notify(3)): a datagram to
// $NOTIFY_SOCKET.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

// "READY=1", "STOPPING=1". Without a socket, or when nobody listens, nothing happens: being told is
// the supervisor's wish, not ours.
void notify_systemd(const std::optional<std::string>& notify_socket, std::string_view state);

}  // namespace tocsin
