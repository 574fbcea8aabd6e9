#include "probe/probe_socket.h"

#include <fmt/format.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "probe/error_queue.h"

namespace tocsin {
namespace {

int bind_source(int fd, const IpAddress& source) {
  // Without IP_BIND_ADDRESS_NO_PORT bind() takes a port for all destinations at once and the
  // machine stops at 28,000.
  const int on = 1;
  ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_storage storage{};
  const socklen_t length = SocketAddress{.ip = source}.to_sockaddr(storage);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&storage), length) == 0) {
    return 0;
  }
  return errno == EADDRNOTAVAIL ? kNoSuchSource : errno;
}

// Asks for what ICMP says of this connection. IPv4 keeps it for a connect of its own accord
// (Linux 5.9); IPv6 only when asked to, and else a router's word looks like our own trouble
// (EACCES) or our own routes. An open connection is to outlive such words: forget_icmp.
void keep_icmp(int fd, const SocketAddress& to, uint8_t hop_limit) {
  if (to.ip.family == Family::v6) {
    hear_icmp(fd);
  }
  if (hop_limit == 0) {
    return;
  }
  const int on = 1;
  const int hops = hop_limit;
  if (to.ip.family == Family::v6) {
    ::setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof hops);
  } else {
    ::setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    ::setsockopt(fd, IPPROTO_IP, IP_TTL, &hops, sizeof hops);
  }
}

}  // namespace

OpenedSocket make_probe_socket(const SocketAddress& to, const ConnectOptions& options) {
  const int family = to.is_unix() ? AF_UNIX : to.ip.family == Family::v4 ? AF_INET : AF_INET6;
  UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) {
    return {UniqueFd(), errno};
  }
  if (options.source && !to.is_unix()) {
    if (const int error = bind_source(fd.get(), *options.source); error != 0) {
      return {std::move(fd), error};
    }
  }
  if (!to.is_unix()) {
    keep_icmp(fd.get(), to, options.hop_limit);
    if (options.accept_less) {
      set_accept_less(fd.get(), true);
    }
  }
  return {std::move(fd), 0};
}

void set_accept_less(int fd, bool accept_less) {
  const int seconds = accept_less ? 1 : 0;
  ::setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds);
}

void end_by_reset(int fd) {
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

int connect_probe_socket(int fd, const SocketAddress& to) {
  sockaddr_storage storage{};
  const socklen_t length = to.to_sockaddr(storage);
  if (length == 0) {
    return ENAMETOOLONG;
  }
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&storage), length) == 0 ? 0 : errno;
}

int route_error(const SocketAddress& to, const std::optional<IpAddress>& source) {
  if (to.is_unix()) {
    return 0;
  }
  const int family = to.ip.family == Family::v4 ? AF_INET : AF_INET6;
  const UniqueFd fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid() || (source && bind_source(fd.get(), *source) != 0)) {
    return 0;  // other trouble, of which the connect itself tells
  }
  sockaddr_storage storage{};
  const socklen_t length = to.to_sockaddr(storage);
  const bool is_known =
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&storage), length) == 0;
  constexpr std::array kOfRoutes = {ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL, EADDRNOTAVAIL};
  return !is_known && std::ranges::find(kOfRoutes, errno) != kOfRoutes.end() ? errno : 0;
}

void forget_icmp(int fd) {
  const int off = 0;
  ::setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &off, sizeof off);
}

void hear_icmp(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
}

bool is_all_heard(int fd) {
  int unheard = 0;
  return ::ioctl(fd, SIOCOUTQ, &unheard) == 0 && unheard == 0;
}

bool reset_probe_socket(int fd) {
  const sockaddr none{.sa_family = AF_UNSPEC, .sa_data = {}};
  return ::connect(fd, &none, sizeof none) == 0;
}

KernelFacts socket_facts(int fd, ConnectState state) {
  KernelFacts facts;
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0) {
    facts.syn_retransmits = info.tcpi_total_retrans;
    if (state == ConnectState::open && info.tcpi_rtt > 0) {
      facts.rtt = Duration(info.tcpi_rtt);
    }
    facts.reset = state == ConnectState::open && info.tcpi_state == TCP_CLOSE;
  }
  if (state == ConnectState::failed) {
    facts.icmp = read_icmp_notice(fd);
  }
  return facts;
}

std::optional<SocketAddress> local_address_of(int fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0) {
    return std::nullopt;
  }
  return SocketAddress::from_sockaddr(storage, length);
}

bool is_connected_to_itself(int fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  return ::getpeername(fd, reinterpret_cast<sockaddr*>(&storage), &length) == 0 &&
         local_address_of(fd) == SocketAddress::from_sockaddr(storage, length);
}

std::optional<Duration> socket_data_age(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(info.tcpi_last_data_recv);
}

size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 1024;
  }
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  const bool is_raised = ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
  return static_cast<size_t>(is_raised ? limit.rlim_cur : before);
}

Result<size_t> probe_slots(size_t wanted, size_t reserved) {
  const size_t descriptors = raise_descriptor_limit();
  if (descriptors <= reserved) {
    return fail(
        ErrorKind::io,
        fmt::format("RLIMIT_NOFILE is {}, and {} descriptors are kept for the store and the API: "
                    "none is left "
                    "for probes. Raise it (LimitNOFILE= in the unit, ulimit -n in a shell).",
                    descriptors, reserved));
  }
  return std::min(wanted, descriptors - reserved);
}

}  // namespace tocsin
