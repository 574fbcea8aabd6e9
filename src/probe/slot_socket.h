// What every kernel backend of ProbeIo knows of a slot: its socket, how far the connect is, and
// what can be asked of both.
#pragma once

#include <optional>

#include "base/unique_fd.h"
#include "ports/probe_io.h"
#include "probe/probe_socket.h"

namespace tocsin {

struct SlotSocket {
  UniqueFd fd;
  UniqueFd parked;             // of the last quiet close: reset, ready to connect again
  Family family = Family::v4;  // of this connection and of the parked descriptor
  bool accept_less = false;
  bool is_unix = false;
  bool may_meet_itself = false;
  bool connecting = false;
  bool connect_failed = false;
  int reset = 0;  // errno of a reset that the kernel has told already: it tells it once

  // For the next connection: what it is, and the socket that the last one has parked where that
  // will do (fd is valid then).
  static SlotSocket next(SlotSocket& last, const SocketAddress& to, const ConnectOptions& options,
                         const PortRange& own_ports);

  // The connect has ended so, by the kernel; the error to tell.
  int finish_connect(int error);
  // Of what a receive or a send brought: a reset that was told with something else stays one.
  [[nodiscard]] int error_of(int error);
  // What is left to do for the mode before the descriptor is closed; true: nothing, it is parked.
  bool park_or_reset(CloseMode mode);

  [[nodiscard]] KernelFacts facts() const;
  [[nodiscard]] std::optional<SocketAddress> local_address() const;
  [[nodiscard]] std::optional<Duration> since_last_data() const;
  // The connect, or something to read, is there by now.
  [[nodiscard]] bool is_ready() const;
};

}  // namespace tocsin
