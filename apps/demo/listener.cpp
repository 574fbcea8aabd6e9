#include "listener.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace tocsin::demo {
namespace {

constexpr int kBacklog = 64;

UniqueFd bound_socket(uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fd.reset();
  }
  return fd;
}

uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  return ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0
             ? ntohs(address.sin_port)
             : uint16_t{0};
}

}  // namespace

Result<Listener> Listener::bind(uint16_t port) {
  UniqueFd fd = bound_socket(port);
  if (!fd.valid()) {
    return fail(ErrorKind::busy,
                fmt::format("127.0.0.1:{} cannot be taken: {}", port, std::strerror(errno)));
  }
  const uint16_t bound = port_of(fd.get());
  return Listener(std::move(fd), bound);
}

bool Listener::set_listening(bool wanted) {
  if (wanted == listening_) {
    return true;
  }
  if (wanted) {
    listening_ = fd_.valid() && ::listen(fd_.get(), kBacklog) == 0;
    return listening_;
  }
  // A socket cannot stop listening; a new one takes its place.
  fd_.reset();
  fd_ = bound_socket(port_);
  listening_ = false;
  return fd_.valid();
}

std::optional<UniqueFd> Listener::accept() {
  UniqueFd client(::accept4(fd_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  return client.valid() ? std::optional<UniqueFd>(std::move(client)) : std::nullopt;
}

}  // namespace tocsin::demo
