#include "base/address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <random>
#include <string>

namespace tocsin {
namespace {

using namespace std::string_literals;

std::string read_and_write(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address ? address->text() : "nothing";
}

SocketAddress through_the_kernel_form(const SocketAddress& address) {
  sockaddr_storage storage;
  std::memset(&storage, 0xAA, sizeof(storage));
  const socklen_t length = address.to_sockaddr(storage);
  return SocketAddress::from_sockaddr(storage, length);
}

// --- literals

TEST(IpAddressParse, ReadsIpv4) {
  const auto address = IpAddress::parse("127.0.0.1");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->family, Family::v4);
  EXPECT_EQ(address->bytes, (std::array<uint8_t, 16>{127, 0, 0, 1}));
}

TEST(IpAddressParse, ReadsIpv6) {
  const auto address = IpAddress::parse("2001:db8::1");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->family, Family::v6);
  EXPECT_EQ(address->bytes,
            (std::array<uint8_t, 16>{0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
}

TEST(IpAddressParse, ReadsTheScopeOfALinkLocalAddress) {
  const auto address = IpAddress::parse("fe80::1%2");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->scope, 2U);
  EXPECT_EQ(address->text(), "fe80::1%2");
}

TEST(IpAddressParse, RefusesAScopeWhereItMeansNothing) {
  for (const char* text : {"::1%1", "2001:db8::1%2", "127.0.0.1%1", "fe80::1%", "fe80::1%0",
                           "fe80::1%-1", "fe80::1%4294967296", "fe80::1%2%3", "fe80::1%eth0"}) {
    EXPECT_EQ(read_and_write(text), "nothing") << text;
  }
}

// Octal, hex and short forms are what other programs read as another address: a way around a list
// of allowed addresses.
TEST(IpAddressParse, RefusesIpv4ThatIsNotFourPlainNumbers) {
  for (const char* text :
       {"", "1", "127.1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "01.2.3.4", "0x7f.0.0.1",
        "1.2.3.4 ", " 1.2.3.4", "1.2.3.", "1..2.3", "2130706433"}) {
    EXPECT_EQ(read_and_write(text), "nothing") << text;
  }
}

TEST(IpAddressParse, RefusesWhatIsNotALiteral) {
  for (const char* text : {"localhost", "[::1]", "::1:", ":::", "1::2::3", "::g",
                           "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1.2.3", "%1"}) {
    EXPECT_EQ(read_and_write(text), "nothing") << text;
  }
  EXPECT_EQ(read_and_write("127.0.0.1\0.example.com"s), "nothing");
  EXPECT_EQ(read_and_write("::1\0"s), "nothing");
  EXPECT_EQ(read_and_write(std::string(1000, '0') + "::1"), "nothing");
}

// RFC 5952: lower case, no leading zeros, the longest run of zeros cut.
TEST(IpAddressText, IsTheUsualShortForm) {
  EXPECT_EQ(read_and_write("2001:0DB8:0000:0000:0001:0000:0000:0001"), "2001:db8::1:0:0:1");
  EXPECT_EQ(read_and_write("0:0:0:0:0:0:0:0"), "::");
  EXPECT_EQ(read_and_write("1:2:3:4:5:6:7:8"), "1:2:3:4:5:6:7:8");
  EXPECT_EQ(read_and_write("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(read_and_write("255.255.255.255"), "255.255.255.255");
}

// Looking through the mapping is the business of reach; here the two stay different.
TEST(IpAddressText, MappedAddressStaysIpv6) {
  EXPECT_EQ(read_and_write("::ffff:10.0.0.1"), "::ffff:10.0.0.1");
  EXPECT_NE(IpAddress::parse("::ffff:10.0.0.1"), IpAddress::parse("10.0.0.1"));
}

TEST(IpAddressText, ReadsBackWhatItWrote) {
  std::mt19937_64 random(20267);
  for (int round = 0; round < 2000; ++round) {
    IpAddress address;
    address.family = round % 2 == 0 ? Family::v4 : Family::v6;
    for (size_t i = 0; i < (round % 2 == 0 ? 4U : 16U); ++i) {
      address.bytes[i] = random() % 3 == 0 ? 0 : static_cast<uint8_t>(random());
    }
    ASSERT_EQ(IpAddress::parse(address.text()), address) << address.text();
  }
}

// --- with a port

TEST(SocketAddressText, PutsBracketsAroundIpv6) {
  EXPECT_EQ((SocketAddress{.ip = *IpAddress::parse("127.0.0.1"), .port = 80}.text()),
            "127.0.0.1:80");
  EXPECT_EQ((SocketAddress{.ip = *IpAddress::parse("::1"), .port = 65535}.text()), "[::1]:65535");
  EXPECT_EQ((SocketAddress{.ip = *IpAddress::parse("fe80::1%3"), .port = 1}.text()),
            "[fe80::1%3]:1");
}

TEST(SocketAddressText, NamesAUnixSocket) {
  EXPECT_EQ((SocketAddress{.unix_path = "/run/x.sock"}.text()), "unix:/run/x.sock");
}

TEST(SocketAddressKernelForm, Ipv4IsInNetworkOrder) {
  sockaddr_storage storage{};
  const SocketAddress address{.ip = *IpAddress::parse("1.2.3.4"), .port = 0x1234};
  EXPECT_EQ(address.to_sockaddr(storage), sizeof(sockaddr_in));
  sockaddr_in raw{};
  std::memcpy(&raw, &storage, sizeof(raw));
  EXPECT_EQ(raw.sin_family, AF_INET);
  EXPECT_EQ(ntohs(raw.sin_port), 0x1234);
  EXPECT_EQ(ntohl(raw.sin_addr.s_addr), 0x01020304U);
}

TEST(SocketAddressKernelForm, ComesBackTheSame) {
  for (const char* literal : {"127.0.0.1", "0.0.0.0", "::1", "::ffff:1.2.3.4", "fe80::1%7"}) {
    const SocketAddress address{.ip = *IpAddress::parse(literal), .port = 8080};
    EXPECT_EQ(through_the_kernel_form(address), address) << literal;
  }
}

TEST(SocketAddressKernelForm, UnixPathComesBackTheSame) {
  const SocketAddress longest{.unix_path = "/" + std::string(106, 'x')};
  EXPECT_EQ(through_the_kernel_form(longest), longest);
  const SocketAddress abstract{.unix_path = "@tocsin"};
  EXPECT_EQ(through_the_kernel_form(abstract), abstract);
}

TEST(SocketAddressKernelForm, UnixPathThatDoesNotFitHasNoLength) {
  sockaddr_storage storage{};
  EXPECT_EQ((SocketAddress{.unix_path = "/" + std::string(107, 'x')}.to_sockaddr(storage)), 0U);
}

// accept() on a unix socket gives a peer without a name; it must not look like an IP address.
TEST(SocketAddressKernelForm, UnnamedUnixPeerStaysUnix) {
  sockaddr_storage storage{};
  storage.ss_family = AF_UNIX;
  const auto peer = SocketAddress::from_sockaddr(storage, sizeof(sa_family_t));
  EXPECT_TRUE(peer.is_unix());
  EXPECT_EQ(peer.text(), "unix:@");
}

// unix(7): a path may fill all 108 bytes and then has no zero at its end.
TEST(SocketAddressKernelForm, UnixPathWithoutFinalZeroIsRead) {
  sockaddr_un raw{};
  raw.sun_family = AF_UNIX;
  std::memset(raw.sun_path, 'p', sizeof(raw.sun_path));
  sockaddr_storage storage{};
  std::memcpy(&storage, &raw, sizeof(raw));
  EXPECT_EQ(SocketAddress::from_sockaddr(storage, sizeof(raw)).unix_path, std::string(108, 'p'));
}

TEST(SocketAddressKernelForm, WhatIsNotAnAddressIsZero) {
  sockaddr_storage storage{};
  storage.ss_family = AF_INET;
  EXPECT_EQ(SocketAddress::from_sockaddr(storage, 0), SocketAddress{});
  EXPECT_EQ(SocketAddress::from_sockaddr(storage, sizeof(sockaddr_in) - 1), SocketAddress{});
  storage.ss_family = AF_INET6;
  EXPECT_EQ(SocketAddress::from_sockaddr(storage, sizeof(sockaddr_in)), SocketAddress{});
  storage.ss_family = AF_UNSPEC;
  EXPECT_EQ(SocketAddress::from_sockaddr(storage, sizeof(storage)).text(), "0.0.0.0:0");
}

}  // namespace
}  // namespace tocsin
