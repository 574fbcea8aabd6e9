// What every kernel backend of ProbeIo knows of a slot: its socket, how far the connect is, and
// what can be asked of both.
#pragma once

#include <optional>

#include "base/unique_fd.h"
#include "ports/probe_io.h"
#include "probe/own_ports.h"
#include "probe/probe_socket.h"

namespace tocsin {

struct SlotSocket {
  UniqueFd fd;
  UniqueFd parked;                 // of the last connection, at rest: ready to connect again
  Family family = Family::v4;      // of this connection and of the parked descriptor
  bool accept_less : 1 = false;    // of this connection and of the parked descriptor
  bool has_few_ports : 1 = false;  // of both again: from OwnPorts::quiet
  bool is_unix : 1 = false;
  bool is_plain : 1 = false;  // TCP without wishes: another connection may have its socket
  bool may_meet_itself : 1 = false;
  bool connecting : 1 = false;
  bool connect_failed : 1 = false;
  bool said_end : 1 = false;   // our end of the stream is on its way
  bool heard_end : 1 = false;  // the peer's was read, or nothing more than a reset told before
  int reset = 0;  // errno of a reset that the kernel has told already: it tells it once

  // For the next connection: what it is, and the socket that the last one has parked where that
  // will do (fd is valid then).
  static SlotSocket next(SlotSocket& last, const SocketAddress& to, const ConnectOptions& options,
                         const OwnPorts& own_ports);
  // A new socket for it, when there was none parked.
  void take(UniqueFd socket, const OwnPorts& own_ports);

  // The connect has ended so, by the kernel; the error to tell.
  int finish_connect(int error);
  // Of what a receive or a send brought: a reset that was told with something else stays one.
  [[nodiscard]] int error_of(int error);
  // Half of an orderly end: the peer reads the end of the stream.
  void say_end();
  // What is left to do for the mode before the descriptor is closed; true: nothing, it is parked.
  bool park_or_reset(CloseMode mode);

  [[nodiscard]] KernelFacts facts() const;
  [[nodiscard]] std::optional<SocketAddress> local_address() const;
  [[nodiscard]] std::optional<Duration> since_last_data() const;
  // The connect, or something to read, is there by now.
  [[nodiscard]] bool is_ready() const;
};

}  // namespace tocsin
