#include "probe/first_router.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/unique_fd.h"
#include "probe/route_message.h"

namespace tocsin {
namespace {

// The kernel answers within send(), so nothing is waited for; empty: it does not.
std::string ask(const std::string& request) {
  const UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  std::array<char, 4096> answer{};
  if (!fd.valid() || ::send(fd.get(), request.data(), request.size(), 0) < 0) {
    return {};
  }
  const ssize_t length = ::recv(fd.get(), answer.data(), answer.size(), MSG_DONTWAIT);
  return {answer.data(), static_cast<size_t>(std::max<ssize_t>(length, 0))};
}

}  // namespace

std::optional<FirstRouter> first_router(const SocketAddress& to,
                                        const std::optional<IpAddress>& source) {
  if (to.is_unix()) {
    return std::nullopt;
  }
  const auto hop = hop_of_answer(to.ip.family, ask(route_request(to.ip, source)));
  return hop ? std::optional(
                   FirstRouter{hop->ip, is_silent_by_answer(ask(neighbour_request(*hop)))})
             : std::nullopt;
}

}  // namespace tocsin
