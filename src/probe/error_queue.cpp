#include "probe/error_queue.h"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace tocsin {
namespace {

// One control message of the queue. The offender's address follows the fixed part (SO_EE_OFFENDER).
std::optional<IcmpNotice> notice_of(const cmsghdr& control, const unsigned char* data) {
  const bool is_v4 = control.cmsg_level == IPPROTO_IP && control.cmsg_type == IP_RECVERR;
  const bool is_v6 = control.cmsg_level == IPPROTO_IPV6 && control.cmsg_type == IPV6_RECVERR;
  const size_t length = control.cmsg_len - CMSG_LEN(0);
  sock_extended_err error{};
  if ((!is_v4 && !is_v6) || control.cmsg_len < CMSG_LEN(sizeof error)) {
    return std::nullopt;
  }
  std::memcpy(&error, data, sizeof error);
  if (error.ee_origin != SO_EE_ORIGIN_ICMP && error.ee_origin != SO_EE_ORIGIN_ICMP6) {
    return std::nullopt;
  }
  sockaddr_storage offender{};
  const size_t rest = std::min(length - sizeof error, sizeof offender);
  std::memcpy(&offender, data + sizeof error, rest);
  return IcmpNotice{.from = SocketAddress::from_sockaddr(offender, static_cast<socklen_t>(rest)).ip,
                    .type = error.ee_type,
                    .code = error.ee_code};
}

}  // namespace

std::optional<IcmpNotice> read_icmp_notice(int fd) {
  alignas(cmsghdr) std::array<unsigned char, 512> control{};
  std::array<char, 64> payload{};
  iovec part{.iov_base = payload.data(), .iov_len = payload.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (::recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
    return std::nullopt;
  }
  for (cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr;
       each = CMSG_NXTHDR(&message, each)) {
    if (auto notice = notice_of(*each, CMSG_DATA(each))) {
      return notice;
    }
  }
  return std::nullopt;
}

}  // namespace tocsin
