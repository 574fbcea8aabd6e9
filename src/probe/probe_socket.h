// The socket calls behind a probe's slot: opening, and asking the kernel what it knows of a
// connection.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "ports/probe_io.h"

namespace tocsin {

struct OpenedSocket {
  UniqueFd fd;
  int error = 0;  // 0, or why there is none (socket, bind)
};

// A socket for it that is not yet connecting.
OpenedSocket make_probe_socket(const SocketAddress& to, const ConnectOptions& options);

// Starts a connect on a socket that is not connected; 0, EINPROGRESS or why not.
int connect_probe_socket(int fd, const SocketAddress& to);
// For an IPv6 connection that is open: from now on an ICMP message does not end it, as it does not
// end one of IPv4.
void forget_icmp(int fd);
// For an IPv6 socket that connects: ICMP messages are heard (again), as those of IPv4 are.
void hear_icmp(int fd);
// From now on the kernel keeps its answer to a SYN-ACK back, so that a reset can be it; or not any
// more. It stays with the socket over connections (TCP_DEFER_ACCEPT of one that connects, tcp(7)
// tells only of listeners), as TCP_QUICKACK does not.
void set_accept_less(int fd, bool accept_less);
// Its close will be a reset.
void end_by_reset(int fd);
// Makes the socket as it was before it connected (connect(2) to AF_UNSPEC): it can connect again. A
// connection that is open ends with a reset, one that is over needs none.
bool reset_probe_socket(int fd);
// The peer has acknowledged all that was sent, the end of the stream too (SIOCOUTQ, tcp(7)).
bool is_all_heard(int fd);

// ProbeIo::route_error, by a datagram socket, whose connect sends nothing and takes no port of TCP.
int route_error(const SocketAddress& to, const std::optional<IpAddress>& source);

enum class ConnectState : uint8_t { under_way, open, failed };
KernelFacts socket_facts(int fd, ConnectState state);
std::optional<SocketAddress> local_address_of(int fd);
// True when both ends of the connection are one address.
bool is_connected_to_itself(int fd);
// Time since bytes last arrived, in whole milliseconds of the kernel's tick; nothing when the
// kernel does not say.
std::optional<Duration> socket_data_age(int fd);

// Raises the soft limit of descriptors to the hard one as far as this process may; the limit then.
size_t raise_descriptor_limit();
// How many of the slots wanted that limit allows when `reserved` descriptors are left to others.
Result<size_t> probe_slots(size_t wanted, size_t reserved);

}  // namespace tocsin
