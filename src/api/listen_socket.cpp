#include "api/listen_socket.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace tocsin {
namespace {

// Connections the kernel holds while we are busy; it caps it by somaxconn.
constexpr int kBacklog = 511;

std::string system_text(int error) {
  return std::error_code(error, std::generic_category()).message();
}

Error bind_error(const SocketAddress& address, int error) {
  if (error == EADDRINUSE) {
    return {ErrorKind::busy,
            fmt::format("{} is in use by another program. Stop that one, or choose another address "
                        "with --listen.",
                        address.text())};
  }
  if (error == EACCES) {
    return {
        ErrorKind::forbidden,
        fmt::format("No permission to listen on {}. Ports below 1024 need a privilege; choose a "
                    "higher one with --listen.",
                    address.text())};
  }
  if (error == EADDRNOTAVAIL) {
    return {ErrorKind::invalid_input,
            fmt::format("Cannot listen on {}: this machine does not have that address.",
                        address.text())};
  }
  return {ErrorKind::io,
          fmt::format("Cannot listen on {}: {}.", address.text(), system_text(error))};
}

UniqueFd open_socket(int family) {
  return UniqueFd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

int bind_to(int fd, const SocketAddress& address) {
  sockaddr_storage storage{};
  const socklen_t length = address.to_sockaddr(storage);
  if (length == 0) {
    return ENAMETOOLONG;
  }
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&storage), length) == 0 ? 0 : errno;
}

SocketAddress bound_address(int fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof(storage);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length);
  return SocketAddress::from_sockaddr(storage, length);
}

// Nothing when `path` is free now (a stale socket was removed); else why not.
std::optional<Error> clear_local(const SocketAddress& address) {
  struct stat found{};
  if (::lstat(address.unix_path.c_str(), &found) != 0) {
    return std::nullopt;  // not there; whatever else is wrong, bind says
  }
  if (!S_ISSOCK(found.st_mode)) {
    return Error{
        ErrorKind::conflict,
        fmt::format("{} is not a socket. Move it away and start again.", address.unix_path)};
  }
  const UniqueFd fd = open_socket(AF_UNIX);
  sockaddr_storage storage{};
  const socklen_t length = address.to_sockaddr(storage);
  // EAGAIN: somebody listens and the backlog is full.
  if (fd.valid() &&
      (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&storage), length) == 0 ||
       errno == EAGAIN)) {
    return Error{ErrorKind::busy,
                 fmt::format("Another server answers on {}. Stop it first.", address.unix_path)};
  }
  ::unlink(address.unix_path.c_str());
  return std::nullopt;
}

}  // namespace

Result<ListenSocket> listen_tcp(const SocketAddress& address) {
  ListenSocket out;
  out.fd = open_socket(address.ip.family == Family::v4 ? AF_INET : AF_INET6);
  if (!out.fd.valid()) {
    return std::unexpected(bind_error(address, errno));
  }
  // A port whose last connections are in TIME_WAIT may be taken again at once after a restart.
  const int on = 1;
  ::setsockopt(out.fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (const int error = bind_to(out.fd.get(), address); error != 0) {
    return std::unexpected(bind_error(address, error));
  }
  if (::listen(out.fd.get(), kBacklog) != 0) {
    return std::unexpected(bind_error(address, errno));
  }
  out.address = bound_address(out.fd.get());
  return out;
}

Result<ListenSocket> listen_local(const std::filesystem::path& path) {
  ListenSocket out;
  out.address.unix_path = path.string();
  sockaddr_storage storage{};
  if (out.address.to_sockaddr(storage) == 0) {
    return fail(
        ErrorKind::invalid_input,
        fmt::format("The path {} is too long for a socket (107 bytes). Choose a shorter data "
                    "directory.",
                    path.string()));
  }
  if (auto taken = clear_local(out.address)) {
    return std::unexpected(std::move(*taken));
  }
  out.fd = open_socket(AF_UNIX);
  if (!out.fd.valid()) {
    return std::unexpected(bind_error(out.address, errno));
  }
  // The mode of the descriptor becomes the mode of the file that bind makes: there is no moment in
  // which others may connect, and no process-wide umask to change.
  if (::fchmod(out.fd.get(), 0600) != 0) {
    return std::unexpected(bind_error(out.address, errno));
  }
  if (const int error = bind_to(out.fd.get(), out.address); error != 0) {
    return std::unexpected(bind_error(out.address, error));
  }
  if (::chmod(path.c_str(), 0600) != 0 || ::listen(out.fd.get(), kBacklog) != 0) {
    return std::unexpected(bind_error(out.address, errno));
  }
  return out;
}

std::optional<uint32_t> trusted_peer(int fd) {
  ucred peer{};
  socklen_t length = sizeof(peer);
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) {
    return std::nullopt;
  }
  if (peer.uid != ::geteuid() && peer.uid != 0) {
    return std::nullopt;
  }
  return peer.uid;
}

}  // namespace tocsin
