#include "probe/probe_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

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
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&storage), length) == 0 ? 0 : errno;
}

}  // namespace

OpenedSocket open_probe_socket(const SocketAddress& to, const ConnectOptions& options) {
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
  const int error = connect_probe_socket(fd.get(), to, options.accept_less);
  return {std::move(fd), error};
}

int connect_probe_socket(int fd, const SocketAddress& to, bool accept_less) {
  sockaddr_storage storage{};
  const socklen_t length = to.to_sockaddr(storage);
  if (length == 0) {
    return ENAMETOOLONG;
  }
  if (accept_less && !to.is_unix()) {
    const int off = 0;
    ::setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &off, sizeof off);
  }
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&storage), length) == 0 ? 0 : errno;
}

bool reset_probe_socket(int fd) {
  const sockaddr none{.sa_family = AF_UNSPEC, .sa_data = {}};
  return ::connect(fd, &none, sizeof none) == 0;
}

KernelFacts socket_facts(int fd, ConnectState state) {
  KernelFacts facts;
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) == 0) {
    facts.local = SocketAddress::from_sockaddr(storage, length);
  }
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

}  // namespace tocsin
