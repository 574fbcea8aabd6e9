#include "probe/route_message.h"

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

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

uint8_t family_of(Family family) { return family == Family::v4 ? AF_INET : AF_INET6; }

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

std::string message_of(uint16_t type, const std::string& body) {
  const nlmsghdr head{.nlmsg_len = static_cast<uint32_t>(sizeof head + body.size()),
                      .nlmsg_type = type,
                      .nlmsg_flags = NLM_F_REQUEST,
                      .nlmsg_seq = 1,
                      .nlmsg_pid = 0};
  return std::string(bytes_of(head)) + body;
}

// What stands behind the head of an answer of that type; empty: it is another.
std::string_view body_of(std::string_view answer, uint16_t type) {
  const auto head = read_as<nlmsghdr>(answer);
  if (head.nlmsg_type != type || head.nlmsg_len < sizeof head || head.nlmsg_len > answer.size()) {
    return {};
  }
  return answer.substr(sizeof head, head.nlmsg_len - sizeof head);
}

}  // namespace

std::string route_request(const IpAddress& to, const std::optional<IpAddress>& source) {
  const auto bits = static_cast<uint8_t>(8 * bytes_of_ip(to).size());
  rtmsg wish{};
  wish.rtm_family = family_of(to.family);
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
  return message_of(RTM_GETROUTE, body);
}

std::optional<NextHop> hop_of_answer(Family family, std::string_view answer) {
  const std::string_view body = body_of(answer, RTM_NEWROUTE);
  if (body.size() < sizeof(rtmsg)) {
    return std::nullopt;
  }
  const std::string_view attributes = body.substr(sizeof(rtmsg));
  const int device = read_as<int>(attribute(attributes, RTA_OIF));
  std::optional<IpAddress> ip = ip_of(family_of(family), attribute(attributes, RTA_GATEWAY));
  if (const std::string_view via = attribute(attributes, RTA_VIA); via.size() > sizeof(uint16_t)) {
    ip = ip_of(read_as<uint16_t>(via), via.substr(sizeof(uint16_t)));  // IPv4 by an IPv6 router
  }
  return ip ? std::optional(NextHop{*ip, device}) : std::nullopt;
}

std::string neighbour_request(const NextHop& hop) {
  ndmsg wish{};
  wish.ndm_family = family_of(hop.ip.family);
  wish.ndm_ifindex = hop.device;
  std::string body(bytes_of(wish));
  add_attribute(body, NDA_DST, bytes_of_ip(hop.ip));
  return message_of(RTM_GETNEIGH, body);
}

bool is_silent_by_answer(std::string_view answer) {
  constexpr unsigned kLookedFor = NUD_INCOMPLETE | NUD_PROBE | NUD_FAILED;
  return (read_as<ndmsg>(body_of(answer, RTM_NEWNEIGH)).ndm_state & kLookedFor) != 0;
}

}  // namespace tocsin
