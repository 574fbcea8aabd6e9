#include "probe/slot_socket.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "base/check.h"

namespace tocsin {

SlotSocket SlotSocket::next(SlotSocket& last, const SocketAddress& to,
                            const ConnectOptions& options, const OwnPorts& own_ports) {
  CHECK(!last.fd.valid(), "a slot is closed before it is used again");
  SlotSocket next;
  next.is_unix = to.is_unix();
  next.may_meet_itself = own_ports.all.contains(to.port);
  next.accept_less = options.accept_less && !options.source && !to.is_unix();
  next.has_few_ports = next.accept_less && own_ports.are_few_for(to.port);
  next.family = to.ip.family;
  next.is_plain = !next.is_unix && !options.source && options.hop_limit == 0;
  if (last.parked.valid() && next.is_plain && last.family == to.ip.family) {
    next.fd = std::move(last.parked);
    if (next.accept_less != last.accept_less) {
      set_accept_less(next.fd.get(), next.accept_less);
    }
    if (next.has_few_ports != last.has_few_ports) {
      set_port_range(next.fd.get(), next.has_few_ports ? own_ports.quiet : std::nullopt);
    }
    if (next.family == Family::v6) {
      hear_icmp(next.fd.get());
    }
  }
  return next;
}

void SlotSocket::take(UniqueFd socket, const OwnPorts& own_ports) {
  fd = std::move(socket);
  if (fd.valid() && has_few_ports) {
    set_port_range(fd.get(), own_ports.quiet);
  }
}

int SlotSocket::finish_connect(int error) {
  connecting = false;
  // A reset to our SYN is ECONNREFUSED; these two mean that the connection was open and was reset
  // before we looked.
  if (error == ECONNRESET || error == EPIPE) {
    reset = std::exchange(error, 0);
  }
  connect_failed = error != 0;
  // One without an accept ends right now, and its socket connects again.
  if (error == 0 && family == Family::v6 && !is_unix && !accept_less) {
    forget_icmp(fd.get());
  }
  return error;
}

int SlotSocket::error_of(int error) {
  if (error == ECONNRESET && reset == 0) {
    reset = error;
  }
  return reset != 0 ? reset : error;
}

void SlotSocket::say_end() {
  ::shutdown(fd.get(), SHUT_WR);
  said_end = true;
}

// To make a socket and to destroy it is a fourth of what a connection costs. One whose connection
// is over on both sides, down to the last acknowledgement, has nothing left to say; a quiet one
// says its reset with this.
bool SlotSocket::park_or_reset(CloseMode mode) {
  const bool is_open = !connecting && !connect_failed;
  const bool is_over =
      mode == CloseMode::fin && said_end && heard_end && reset == 0 && is_all_heard(fd.get());
  const bool is_to_be_reset = mode == CloseMode::quiet && accept_less;
  if (is_plain && is_open && (is_over || is_to_be_reset) && reset_probe_socket(fd.get())) {
    parked = std::move(fd);
    return true;
  }
  if (mode != CloseMode::fin && !is_unix) {
    end_by_reset(fd.get());
  }
  return false;
}

KernelFacts SlotSocket::facts() const {
  if (!fd.valid() || is_unix) {
    return {};
  }
  const ConnectState state = connecting       ? ConnectState::under_way
                             : connect_failed ? ConnectState::failed
                                              : ConnectState::open;
  KernelFacts facts = socket_facts(fd.get(), state);
  facts.to_itself =
      may_meet_itself && state == ConnectState::open && is_connected_to_itself(fd.get());
  return facts;
}

std::optional<SocketAddress> SlotSocket::local_address() const {
  return fd.valid() ? local_address_of(fd.get()) : std::nullopt;
}

std::optional<Duration> SlotSocket::since_last_data() const {
  return fd.valid() && !is_unix ? socket_data_age(fd.get()) : std::nullopt;
}

bool SlotSocket::is_ready() const {
  pollfd one{
      .fd = fd.get(), .events = static_cast<short>(connecting ? POLLOUT : POLLIN), .revents = 0};
  return fd.valid() && ::poll(&one, 1, 0) > 0;
}

}  // namespace tocsin
