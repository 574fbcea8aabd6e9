// Quiet connections leave from few ports, and from any where few will not do.
#include "probe/own_ports.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <limits>

#include "probe/slot_socket.h"
#include "probe/test_server.h"

namespace tocsin {
namespace {

constexpr PortRange kUsual{.first = 32768, .last = 60999};
constexpr ConnectOptions kQuiet{.accept_less = true};

TEST(OwnPorts, TheFewAreAmongAll) {
  for (const uint32_t seed :
       {0U, 1U, 27'208U, 123'456'789U, std::numeric_limits<uint32_t>::max()}) {
    const std::optional<PortRange> few = few_ports(kUsual, false, seed);
    ASSERT_TRUE(few) << seed;
    EXPECT_EQ(few->size(), 1024U) << seed;
    EXPECT_TRUE(kUsual.contains(few->first) && kUsual.contains(few->last)) << seed;
  }
  EXPECT_NE(few_ports(kUsual, false, 1)->first, few_ports(kUsual, false, 2)->first);
  EXPECT_TRUE(few_ports({.first = 1, .last = 65535}, false, 64'511));
}

TEST(OwnPorts, WithoutPortsToSpareItIsAnyPort) {
  EXPECT_FALSE(few_ports({.first = 40'000, .last = 48'190}, false, 7));
  EXPECT_TRUE(few_ports({.first = 40'000, .last = 48'191}, false, 7));
  EXPECT_FALSE(few_ports(kUsual, true, 7)) << "some are kept for others";
}

// Where a connection may meet itself, few ports would make it likely.
TEST(OwnPorts, APortAmongTheFewIsReachedFromAny) {
  const OwnPorts ports{.all = kUsual, .quiet = PortRange{.first = 40'000, .last = 41'023}};
  EXPECT_TRUE(ports.are_few_for(39'999));
  EXPECT_FALSE(ports.are_few_for(40'000));
  EXPECT_FALSE(ports.are_few_for(41'023));
  EXPECT_TRUE(ports.are_few_for(443));
}

class FewPorts : public testing::TestWithParam<const char*> {
 protected:
  // One connection of the slot, open; how its connect ended.
  int connect(const ConnectOptions& options) {
    slot_ = SlotSocket::next(slot_, server_.address(), options, ports_);
    if (!slot_.fd.valid()) {
      OpenedSocket made = make_probe_socket(server_.address(), options);
      slot_.take(std::move(made.fd), ports_);
    }
    slot_.connecting = true;
    const int error = connect_probe_socket(slot_.fd.get(), server_.address());
    while (error == EINPROGRESS && !slot_.is_ready()) {
    }
    return slot_.finish_connect(error == EINPROGRESS ? 0 : error);
  }
  [[nodiscard]] uint32_t range_of_socket() const {
    constexpr int kLocalPortRange = 51;
    uint32_t range = 0;
    socklen_t size = sizeof range;
    EXPECT_EQ(::getsockopt(slot_.fd.get(), IPPROTO_IP, kLocalPortRange, &range, &size), 0);
    return range;
  }

  const TestServer server_{{.host = GetParam()}};
  OwnPorts ports_{.all = kUsual, .quiet = PortRange{.first = 50'000, .last = 50'063}};
  SlotSocket slot_;
};

TEST_P(FewPorts, QuietConnectionsTakeTurnsWithThem) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(connect(kQuiet), 0);
    EXPECT_TRUE(ports_.quiet->contains(slot_.local_address()->port));
    EXPECT_TRUE(slot_.park_or_reset(CloseMode::quiet));
  }
}

// A socket serves on, and a polite connection, which leaves its port at rest for a minute, has all
// ports before it.
TEST_P(FewPorts, APoliteConnectionHasAnyPort) {
  ASSERT_EQ(connect(kQuiet), 0);
  EXPECT_NE(range_of_socket(), 0U);
  ASSERT_TRUE(slot_.park_or_reset(CloseMode::quiet));
  ASSERT_EQ(connect({}), 0);
  EXPECT_EQ(range_of_socket(), 0U);
}

// Somebody else has all of them: one connect fails, and it is nobody's fault but ours.
TEST_P(FewPorts, WhenTheyAreTakenItIsAnyPortFromThenOn) {
  sockaddr_storage storage{};
  const SocketAddress wanted{.ip = *IpAddress::parse(GetParam()), .port = 0};
  socklen_t length = wanted.to_sockaddr(storage);
  const UniqueFd holder(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(holder.get(), reinterpret_cast<const sockaddr*>(&storage), length), 0);
  const uint16_t taken = local_address_of(holder.get())->port;
  ports_.quiet = PortRange{.first = taken, .last = taken};
  const int error = connect(kQuiet);
  ASSERT_EQ(error, EADDRNOTAVAIL);
  ports_.learn(error);
  slot_.fd.reset();
  EXPECT_EQ(connect(kQuiet), 0);
  EXPECT_NE(slot_.local_address()->port, taken);
}

INSTANTIATE_TEST_SUITE_P(Families, FewPorts, testing::Values("127.0.0.1", "::1"),
                         [](const auto& family) {
                           return family.param[0] == ':' ? std::string("v6") : std::string("v4");
                         });

}  // namespace
}  // namespace tocsin
