#include "probe/first_router.h"

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace tocsin {
namespace {

template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

// The beginning of `bytes`, all zero when there are too few.
template <class T>
T read_as(std::string_view bytes) {
  T value{};
  if (bytes.size() >= sizeof value) {
    std::memcpy(&value, bytes.data(), sizeof value);
  }
  return value;
}

size_t aligned(size_t length) { return (length + NLMSG_ALIGNTO - 1) & ~size_t{NLMSG_ALIGNTO - 1}; }

uint8_t family_of(const IpAddress& ip) { return ip.family == Family::v4 ? AF_INET : AF_INET6; }

std::string_view bytes_of_ip(const IpAddress& ip) {
  return {reinterpret_cast<const char*>(ip.bytes.data()), ip.family == Family::v4 ? 4U : 16U};
}

std::optional<IpAddress> ip_of(uint16_t family, std::string_view bytes) {
  IpAddress ip{.family = family == AF_INET ? Family::v4 : Family::v6};
  const std::string_view wanted = bytes_of_ip(ip);
  if ((family != AF_INET && family != AF_INET6) || bytes.size() < wanted.size()) {
    return std::nullopt;
  }
  std::copy_n(bytes.begin(), wanted.size(), ip.bytes.begin());
  return ip;
}

void add_attribute(std::string& request, uint16_t type, std::string_view value) {
  const rtattr head{.rta_len = static_cast<uint16_t>(sizeof(rtattr) + value.size()),
                    .rta_type = type};
  request.append(bytes_of(head)).append(value).resize(aligned(request.size()));
}

// Empty when there is none.
std::string_view attribute(std::string_view attributes, uint16_t type) {
  while (attributes.size() >= sizeof(rtattr)) {
    const auto head = read_as<rtattr>(attributes);
    if (head.rta_len < sizeof head || head.rta_len > attributes.size()) {
      break;
    }
    if (head.rta_type == type) {
      return attributes.substr(sizeof head, head.rta_len - sizeof head);
    }
    attributes.remove_prefix(std::min(aligned(head.rta_len), attributes.size()));
  }
  return {};
}

// The one message of that type that the kernel answers with, behind its head; empty: another. It
// answers within send(), so nothing is waited for.
std::string ask(uint16_t type, const std::string& body, uint16_t wanted) {
  const UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  const nlmsghdr head{.nlmsg_len = static_cast<uint32_t>(sizeof head + body.size()),
                      .nlmsg_type = type,
                      .nlmsg_flags = NLM_F_REQUEST,
                      .nlmsg_seq = 1,
                      .nlmsg_pid = 0};
  const std::string request = std::string(bytes_of(head)) + body;
  std::array<char, 4096> answer{};
  if (!fd.valid() || ::send(fd.get(), request.data(), request.size(), 0) < 0) {
    return {};
  }
  const ssize_t length = ::recv(fd.get(), answer.data(), answer.size(), MSG_DONTWAIT);
  const std::string_view came(answer.data(), static_cast<size_t>(std::max<ssize_t>(length, 0)));
  const auto said = read_as<nlmsghdr>(came);
  if (said.nlmsg_type != wanted || said.nlmsg_len < sizeof said || said.nlmsg_len > came.size()) {
    return {};
  }
  return std::string(came.substr(sizeof said, said.nlmsg_len - sizeof said));
}

struct Hop {
  IpAddress ip;
  int device = 0;
};

std::optional<Hop> next_hop(const IpAddress& to, const std::optional<IpAddress>& source) {
  const auto bits = static_cast<uint8_t>(8 * bytes_of_ip(to).size());
  rtmsg wish{};
  wish.rtm_family = family_of(to);
  wish.rtm_dst_len = bits;
  wish.rtm_src_len = source ? bits : uint8_t{0};
  std::string body(bytes_of(wish));
  add_attribute(body, RTA_DST, bytes_of_ip(to));
  if (source) {
    add_attribute(body, RTA_SRC, bytes_of_ip(*source));
  }
  if (to.scope != 0) {
    add_attribute(body, RTA_OIF, bytes_of(to.scope));
  }
  const std::string answer = ask(RTM_GETROUTE, body, RTM_NEWROUTE);
  if (answer.size() < sizeof(rtmsg)) {
    return std::nullopt;
  }
  const std::string_view attributes = std::string_view(answer).substr(sizeof(rtmsg));
  const int device = read_as<int>(attribute(attributes, RTA_OIF));
  std::optional<IpAddress> ip = ip_of(wish.rtm_family, attribute(attributes, RTA_GATEWAY));
  if (const std::string_view via = attribute(attributes, RTA_VIA); via.size() > sizeof(uint16_t)) {
    ip = ip_of(read_as<uint16_t>(via), via.substr(sizeof(uint16_t)));  // IPv4 by an IPv6 router
  }
  return ip ? std::optional(Hop{*ip, device}) : std::nullopt;
}

// It is being looked for, or was in vain. One that answers is looked for in well under a
// millisecond.
bool is_silent(const Hop& hop) {
  ndmsg wish{};
  wish.ndm_family = family_of(hop.ip);
  wish.ndm_ifindex = hop.device;
  std::string body(bytes_of(wish));
  add_attribute(body, NDA_DST, bytes_of_ip(hop.ip));
  constexpr unsigned kLookedFor = NUD_INCOMPLETE | NUD_PROBE | NUD_FAILED;
  return (read_as<ndmsg>(ask(RTM_GETNEIGH, body, RTM_NEWNEIGH)).ndm_state & kLookedFor) != 0;
}

}  // namespace

std::optional<FirstRouter> first_router(const SocketAddress& to,
                                        const std::optional<IpAddress>& source) {
  if (to.is_unix()) {
    return std::nullopt;
  }
  const auto hop = next_hop(to.ip, source);
  return hop ? std::optional(FirstRouter{hop->ip, is_silent(*hop)}) : std::nullopt;
}

}  // namespace tocsin
