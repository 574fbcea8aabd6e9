#include "probe/route_message.h"

#include <gtest/gtest.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace tocsin {
namespace {

template <class T>
std::string raw(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string attribute(uint16_t type, const std::string& value) {
  std::string bytes =
      raw(rtattr{.rta_len = static_cast<uint16_t>(4 + value.size()), .rta_type = type}) + value;
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

std::string answer(uint16_t type, const std::string& body) {
  nlmsghdr head{};
  head.nlmsg_len = static_cast<uint32_t>(sizeof head + body.size());
  head.nlmsg_type = type;
  return raw(head) + body;
}

std::string route(const std::string& attributes) {
  return answer(RTM_NEWROUTE, raw(rtmsg{}) + attributes);
}

std::string neighbour(int state) {
  ndmsg said{};
  said.ndm_state = static_cast<uint16_t>(state);
  return answer(RTM_NEWNEIGH, raw(said));
}

const std::string kRouter("\xc0\x00\x02\x01", 4);
const std::string kDevice = attribute(RTA_OIF, raw(7));

TEST(RouteMessage, ARouterIsNamedWithItsDevice) {
  const auto hop = hop_of_answer(Family::v4, route(attribute(RTA_TABLE, raw(254)) + kDevice +
                                                   attribute(RTA_GATEWAY, kRouter)));
  ASSERT_TRUE(hop);
  EXPECT_EQ(hop->ip.text(), "192.0.2.1");
  EXPECT_EQ(hop->device, 7);
  const std::string router6 = std::string("\xfe\x80", 2) + std::string(13, '\0') + "\x01";
  EXPECT_EQ(hop_of_answer(Family::v6, route(kDevice + attribute(RTA_GATEWAY, router6)))->ip.text(),
            "fe80::1");
}

// Routes of IPv4 by a router that has only IPv6 (RFC 5549).
TEST(RouteMessage, ARouterOfTheOtherFamilyIsNamedToo) {
  const std::string router6 = std::string("\xfe\x80", 2) + std::string(13, '\0') + "\x02";
  const std::string via = raw(static_cast<uint16_t>(AF_INET6)) + router6;
  EXPECT_EQ(hop_of_answer(Family::v4, route(kDevice + attribute(RTA_VIA, via)))->ip.text(),
            "fe80::2");
}

TEST(RouteMessage, AWayThatLeadsStraightThereHasNoRouter) {
  EXPECT_FALSE(hop_of_answer(Family::v4, route(kDevice)));
}

TEST(RouteMessage, WhatIsNoAnswerNamesNobody) {
  const std::string whole = route(kDevice + attribute(RTA_GATEWAY, kRouter));
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(hop_of_answer(Family::v4, whole.substr(0, size))) << size;
  }
  EXPECT_FALSE(hop_of_answer(Family::v4, answer(NLMSG_ERROR, whole.substr(sizeof(nlmsghdr)))));
  EXPECT_FALSE(hop_of_answer(Family::v6, whole)) << "four bytes are no address of IPv6";
  EXPECT_FALSE(hop_of_answer(Family::v4, route(raw(rtattr{.rta_len = 0, .rta_type = 1}))));
}

TEST(RouteMessage, ANeighbourIsSilentWhileItIsLookedFor) {
  for (const int state : {NUD_INCOMPLETE, NUD_PROBE, NUD_FAILED}) {
    EXPECT_TRUE(is_silent_by_answer(neighbour(state))) << state;
  }
  for (const int state : {NUD_REACHABLE, NUD_STALE, NUD_DELAY, NUD_PERMANENT, NUD_NOARP}) {
    EXPECT_FALSE(is_silent_by_answer(neighbour(state))) << state;
  }
  EXPECT_FALSE(is_silent_by_answer(neighbour(NUD_FAILED).substr(0, 20)));
  EXPECT_FALSE(is_silent_by_answer({}));
}

TEST(RouteMessage, ARequestHasItsLengthAndTheAddresses) {
  const auto to = IpAddress::parse("203.0.113.9");
  const std::string plain = route_request(*to, std::nullopt);
  const std::string from = route_request(*to, IpAddress::parse("192.0.2.77"));
  EXPECT_EQ(plain.substr(0, 4), raw(static_cast<uint32_t>(plain.size())));
  EXPECT_TRUE(plain.ends_with(std::string("\xcb\x00\x71\x09", 4)));
  EXPECT_TRUE(from.ends_with(std::string("\xc0\x00\x02\x4d", 4)));
  EXPECT_TRUE(neighbour_request({*to, 3}).ends_with(std::string("\xcb\x00\x71\x09", 4)));
}

}  // namespace
}  // namespace tocsin
