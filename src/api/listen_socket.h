// Listening sockets and who is at the other end of the local one. Plain POSIX, so that its errors
// can say what to do.
#pragma once

#include <filesystem>
#include <optional>

#include "base/address.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace tocsin {

struct ListenSocket {
  UniqueFd fd;            // non-blocking, close-on-exec
  SocketAddress address;  // as bound: with the real port when 0 was asked
};

// busy: the port is in use; the message names the address.
Result<ListenSocket> listen_tcp(const SocketAddress& address);

// DIR/tocsin.sock: mode 0600 from its first moment. A socket left by a server that is gone is
// replaced; one that somebody answers is busy.
Result<ListenSocket> listen_local(const std::filesystem::path& path);

// The uid at the other end of a connected unix socket (SO_PEERCRED), when it is our own or root;
// else nothing.
std::optional<uint32_t> trusted_peer(int fd);

}  // namespace tocsin
