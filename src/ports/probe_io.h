// ProbeIo: sockets as completions: connect, send, receive and close are asked for, events say how
// they ended. The same probe engine runs on epoll, io_uring and the simulated network. Used by one
// thread only, wake() excepted.
//
// What is asked for is under way when wait, nap or poll_now is called, or earlier.
//
// A slot is a small number chosen by the caller, one connection each. Events of a slot that was
// closed are never delivered.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "model/icmp_notice.h"
#include "model/monitor.h"

namespace tocsin {

using SlotIndex = uint32_t;

// Told apart from EADDRNOTAVAIL, which also means that no port is left; no connect of TCP ends so.
inline constexpr int kNoSuchSource = ENXIO;

enum class IoKind : uint8_t {
  // Error = 0: open; else errno (ECONNREFUSED, EHOSTUNREACH, ... or a local one such as
  // EADDRNOTAVAIL; kNoSuchSource when the machine does not have ConnectOptions::source).
  connected,
  sent,  // all bytes handed over; error = errno
  // Bytes > 0: that many are in the buffer; bytes = 0 and error = 0: the peer has closed; else
  // errno.
  received,
};

struct IoEvent {
  SlotIndex slot = 0;
  IoKind kind = IoKind::connected;
  int error = 0;
  size_t bytes = 0;
  SteadyTime at{};  // when the kernel told us (return of the wait), not when it is handled
};

struct ConnectOptions {
  bool accept_less = false;  // close mode quiet: the handshake is not finished, so nobody accepts
  std::optional<IpAddress> source;
  // 1 - 255: the packets travel so many hops, and who ends them is told in KernelFacts::icmp. 0: as
  // far as the system lets them.
  uint8_t hop_limit = 0;
};

// Asked once, after `connected` (or before a connect is given up); what the kernel knows.
struct KernelFacts {
  bool to_itself = false;       // its other end is its own (RFC 9293 3.5, simultaneous open)
  std::optional<Duration> rtt;  // SYN to SYN-ACK, TCP_INFO
  uint32_t syn_retransmits = 0;
  bool reset = false;              // the peer has reset the open connection meanwhile
  std::optional<IcmpNotice> icmp;  // after a failed connect
};

// The router of this machine's own network that packets to an address are handed to first.
struct FirstRouter {
  IpAddress ip;
  bool is_silent = false;  // it does not answer to its address now (ARP, NDP)
};

class ProbeIo {
 public:
  virtual ~ProbeIo() = default;

  // Number of slots: 0 .. capacity()-1. Fixed for the life of the object (from RLIMIT_NOFILE).
  [[nodiscard]] virtual size_t capacity() const = 0;

  // Starts a non-blocking connect. The result always comes as an event, errors of socket() included
  // (EMFILE, ENOBUFS).
  virtual void connect(SlotIndex slot, const SocketAddress& to, const ConnectOptions& options) = 0;
  // One send at a time per slot. `bytes` stays valid until `sent` comes or the slot is closed.
  virtual void send(SlotIndex slot, std::span<const char> bytes) = 0;
  // One receive at a time per slot, may run beside a send. `buffer` stays valid until `received`
  // comes or the slot is closed.
  virtual void receive(SlotIndex slot, std::span<char> buffer) = 0;
  virtual void shutdown_write(SlotIndex slot) = 0;
  // fin: close(); rst: SO_LINGER{1,0} then close(). Cancels what is pending; no event follows.
  virtual void close(SlotIndex slot, CloseMode mode) = 0;
  // Of a closed slot: what is kept of its last connection for the next one is not needed soon.
  virtual void let_go(SlotIndex /*slot*/) {}
  [[nodiscard]] virtual KernelFacts facts(SlotIndex slot) = 0;
  // Our end of an open connection.
  [[nodiscard]] virtual std::optional<SocketAddress> local_address(SlotIndex slot) = 0;
  // True when a connect that is due to time out has in truth completed meanwhile (poll once more
  // before judging).
  [[nodiscard]] virtual bool poll_now(SlotIndex slot) = 0;

  // Waits until something happened or `until` is reached (at most about 1 ms late), then appends
  // events. Never blocks when `until` is past.
  virtual void wait(SteadyTime until, std::vector<IoEvent>& events) = 0;
  // Sleeps until then (at most about 1 ms longer), whatever comes; the next wait tells of it. Not
  // even wake() ends it, so it is meant for a few milliseconds at most.
  virtual void nap(SteadyTime until) = 0;
  // True when a signal cut the last wait short, and no nap came since: the process may have stood
  // still for all of it (SIGSTOP).
  [[nodiscard]] virtual bool was_interrupted() const { return false; }
  // How long ago the newest bytes of the peer arrived, by the kernel (TCP_INFO, whole
  // milliseconds): so late is who reads them now. Nothing: nobody knows.
  [[nodiscard]] virtual std::optional<Duration> since_last_data(SlotIndex) { return std::nullopt; }
  // Why this machine itself knows no way to `to` now: ENETUNREACH without a route, the errno of a
  // route that refuses (EHOSTUNREACH, EACCES, EINVAL), EADDRNOTAVAIL without an address of the
  // family; 0: it knows one. Sends nothing, and is asked after a failure alone.
  [[nodiscard]] virtual int route_error(const SocketAddress& /*to*/,
                                        const std::optional<IpAddress>& /*source*/) {
    return 0;
  }
  // Nothing: what goes to `to` goes to it without a router, or nobody knows. Asked after a failure
  // alone, too.
  [[nodiscard]] virtual std::optional<FirstRouter> first_router(
      const SocketAddress& /*to*/, const std::optional<IpAddress>& /*source*/) {
    return std::nullopt;
  }
  // From any thread: makes a wait return.
  virtual void wake() = 0;

  // For other descriptors of the same loop (the resolver's). `ready(readable, writable)` is called
  // inside wait(). Replaces an earlier watch of `fd`; both false ends it, before fd is closed. The
  // simulated network has none.
  virtual void watch(int fd, bool read, bool write, std::function<void(bool, bool)> ready) = 0;
};

}  // namespace tocsin
