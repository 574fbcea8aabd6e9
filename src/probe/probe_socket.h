// The socket calls behind a probe's slot: opening, and asking the kernel what it knows of a
// connection.
#pragma once

#include "base/unique_fd.h"
#include "ports/probe_io.h"

namespace tocsin {

struct OpenedSocket {
  UniqueFd fd;
  int error = 0;  // 0: connected at once (unix), EINPROGRESS: under way, else why not (socket, bind
                  // or connect)
};

OpenedSocket open_probe_socket(const SocketAddress& to, const ConnectOptions& options);

// Starts a connect on a socket that is not connected; 0, EINPROGRESS or why not.
int connect_probe_socket(int fd, const SocketAddress& to, bool accept_less);
// Ends the connection with a reset (connect(2) to AF_UNSPEC); the socket can connect again.
bool reset_probe_socket(int fd);

enum class ConnectState : uint8_t { under_way, open, failed };
KernelFacts socket_facts(int fd, ConnectState state);
// Time since bytes last arrived, in whole milliseconds of the kernel's tick; nothing when the
// kernel does not say.
std::optional<Duration> socket_data_age(int fd);

// Raises the soft limit of descriptors to the hard one as far as this process may; the limit then.
size_t raise_descriptor_limit();

}  // namespace tocsin
