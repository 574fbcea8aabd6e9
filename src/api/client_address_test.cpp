#include "api/client_address.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

std::string client_of(std::string_view peer, const std::vector<std::string>& forwarded,
                      const std::vector<std::string>& trusted) {
  ApiRequest request;
  request.peer = {.ip = *IpAddress::parse(peer), .port = 4321};
  for (const std::string& value : forwarded) {
    request.headers.emplace_back("x-forwarded-for", value);
  }
  std::vector<Cidr> blocks;
  blocks.reserve(trusted.size());
  for (const std::string& text : trusted) {
    blocks.push_back(*Cidr::parse(text));
  }
  return client_address(request, blocks).ip.text();
}

const std::vector<std::string> kLoopback = {"127.0.0.0/8"};

TEST(ClientAddress, IsThePeerWhenNoProxyIsTrusted) {
  EXPECT_EQ(client_of("127.0.0.1", {"198.51.100.7"}, {}), "127.0.0.1");
  EXPECT_EQ(client_of("192.0.2.9", {"198.51.100.7"}, kLoopback), "192.0.2.9");
}

TEST(ClientAddress, IsWhomTheProxySaw) {
  EXPECT_EQ(client_of("127.0.0.1", {"198.51.100.7"}, kLoopback), "198.51.100.7");
  EXPECT_EQ(client_of("::ffff:127.0.0.1", {"198.51.100.7"}, kLoopback), "198.51.100.7");
  EXPECT_EQ(client_of("127.0.0.1", {"2001:db8::7"}, kLoopback), "2001:db8::7");
}

// A client writes what it likes in front; the proxy writes behind it what it saw.
TEST(ClientAddress, WhatAClientWroteItselfDoesNotCount) {
  EXPECT_EQ(client_of("127.0.0.1", {"1.2.3.4, 198.51.100.7"}, kLoopback), "198.51.100.7");
  EXPECT_EQ(client_of("127.0.0.1", {"1.2.3.4", "198.51.100.7"}, kLoopback), "198.51.100.7");
  EXPECT_EQ(client_of("127.0.0.1", {"127.0.0.1, 198.51.100.7"}, kLoopback), "198.51.100.7");
}

TEST(ClientAddress, GoesThroughAsManyProxiesAsAreTrusted) {
  const std::vector<std::string> both = {"127.0.0.0/8", "10.0.0.0/8"};
  EXPECT_EQ(client_of("127.0.0.1", {"198.51.100.7,10.1.1.1 ,\t10.2.2.2"}, both), "198.51.100.7");
  EXPECT_EQ(client_of("127.0.0.1", {"198.51.100.7, 10.1.1.1"}, kLoopback), "10.1.1.1");
  EXPECT_EQ(client_of("127.0.0.1", {"10.3.3.3, 10.1.1.1"}, both), "10.3.3.3");
}

TEST(ClientAddress, WhatIsNoAddressEndsTheSearch) {
  for (const char* nonsense :
       {"", "unknown", "_hidden", "1.2.3.4, unknown", "[::1", "1.2.3.4.5", ","}) {
    EXPECT_EQ(client_of("127.0.0.1", {nonsense}, kLoopback), "127.0.0.1") << nonsense;
  }
}

TEST(ClientAddress, APortBehindTheAddressIsPassedOver) {
  EXPECT_EQ(client_of("127.0.0.1", {"198.51.100.7:4711"}, kLoopback), "198.51.100.7");
  EXPECT_EQ(client_of("127.0.0.1", {"[2001:db8::7]:4711"}, kLoopback), "2001:db8::7");
  EXPECT_EQ(client_of("127.0.0.1", {"[2001:db8::7]"}, kLoopback), "2001:db8::7");
}

}  // namespace
}  // namespace tocsin
