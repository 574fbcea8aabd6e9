#include "notify_systemd.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>

#include "base/unique_fd.h"

namespace tocsin {

void notify_systemd(const std::optional<std::string>& notify_socket, std::string_view state) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (!notify_socket || notify_socket->empty() || notify_socket->size() >= sizeof to.sun_path) {
    return;
  }
  std::memcpy(to.sun_path, notify_socket->data(), notify_socket->size());
  if (to.sun_path[0] == '@') {
    to.sun_path[0] = '\0';  // an abstract address is written with an @
  }
  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto length =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + notify_socket->size());
  static_cast<void>(::sendto(fd.get(), state.data(), state.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&to), length));
}

}  // namespace tocsin
