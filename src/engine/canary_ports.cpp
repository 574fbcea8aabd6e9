#include "engine/canary_ports.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace tocsin {
namespace {

constexpr int kBacklog = 16;

struct Listening {
  UniqueFd fd;
  SocketAddress address;
};

Result<Listening> listen_at(const IpAddress& ip, int backlog, bool defer) {
  const int family = ip.family == Family::v4 ? AF_INET : AF_INET6;
  UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_storage storage{};
  socklen_t length = SocketAddress{.ip = ip, .port = 0, .unix_path = {}}.to_sockaddr(storage);
  auto* const address = reinterpret_cast<sockaddr*>(&storage);
  if (!fd.valid() || ::bind(fd.get(), address, length) != 0) {
    return fail(ErrorKind::io, fmt::format("no port of our own: {}", std::strerror(errno)));
  }
  // A connection on which nothing was said is not handed over for so many seconds: it ends by our
  // reset and never fills the queue. Others do, who say something or close in order: empty_queue.
  const int seconds = 10;
  if (defer) {
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds);
  }
  length = sizeof storage;
  if (::listen(fd.get(), backlog) != 0 || ::getsockname(fd.get(), address, &length) != 0) {
    return fail(ErrorKind::io, fmt::format("no port of our own: {}", std::strerror(errno)));
  }
  return Listening{std::move(fd), SocketAddress::from_sockaddr(storage, length)};
}

// Fills its queue; Linux drops what comes to a full one, without a word.
UniqueFd connect_to(const SocketAddress& to) {
  sockaddr_storage storage{};
  const socklen_t length = to.to_sockaddr(storage);
  UniqueFd fd(::socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  [[maybe_unused]] const int under_way =
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&storage), length);
  return fd;
}

// Bounded: who connects faster than we take out has filled it again anyway.
void take_out(int listener) {
  for (int i = 0; i < 1000; ++i) {
    const UniqueFd stranger(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!stranger.valid()) {
      return;
    }
  }
}

}  // namespace

Result<CanaryPorts> CanaryPorts::open() {
  CanaryPorts ports;
  for (const char* loopback : {"127.0.0.1", "::1"}) {
    const IpAddress ip = *IpAddress::parse(loopback);
    Result<Listening> listener = listen_at(ip, kBacklog, true);
    Result<Listening> black_hole = listen_at(ip, 0, false);
    if (!listener || !black_hole) {
      continue;
    }
    ports.addresses_ = {.listener = listener->address,
                        .black_hole = black_hole->address,
                        .empty_queue = [fd = listener->fd.get()] { take_out(fd); }};
    // A queue of none holds one; the second is for kernels that count otherwise.
    ports.held_.push_back(connect_to(black_hole->address));
    ports.held_.push_back(connect_to(black_hole->address));
    ports.held_.push_back(std::move(listener->fd));
    ports.held_.push_back(std::move(black_hole->fd));
    return ports;
  }
  return fail(ErrorKind::io, "no port could be opened on 127.0.0.1 or ::1");
}

}  // namespace tocsin
