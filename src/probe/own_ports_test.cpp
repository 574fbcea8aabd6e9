// Quiet connections leave from few ports, and from any where few will not do.
#include "probe/own_ports.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <limits>
#include <set>

#include "probe/slot_socket.h"
#include "probe/test_probe_io.h"
#include "probe/test_server.h"

namespace tocsin {
namespace {

constexpr PortRange kUsual{.first = 32768, .last = 60999};
constexpr ConnectOptions kQuiet{.accept_less = true};

TEST(OwnPorts, TheFewAreAmongAll) {
  for (const uint32_t seed :
       {0U, 1U, 27'208U, 123'456'789U, std::numeric_limits<uint32_t>::max()}) {
    const std::optional<PortRange> few = few_ports(kUsual, seed);
    ASSERT_TRUE(few) << seed;
    EXPECT_EQ(few->size(), 1024U) << seed;
    EXPECT_TRUE(kUsual.contains(few->first) && kUsual.contains(few->last)) << seed;
  }
  EXPECT_NE(few_ports(kUsual, 1)->first, few_ports(kUsual, 2)->first);
  EXPECT_TRUE(few_ports({.first = 1, .last = 65535}, 64'511));
}

TEST(OwnPorts, WithoutPortsToSpareItIsAnyPort) {
  EXPECT_FALSE(few_ports({.first = 40'000, .last = 48'190}, 7));
  EXPECT_TRUE(few_ports({.first = 40'000, .last = 48'191}, 7));
}

// Where a connection may meet itself, few ports would make it likely.
TEST(OwnPorts, APortAmongTheFewIsReachedFromAny) {
  const OwnPorts ports{.all = kUsual, .quiet = PortRange{.first = 40'000, .last = 41'023}};
  EXPECT_TRUE(ports.are_few_for(39'999));
  EXPECT_FALSE(ports.are_few_for(40'000));
  EXPECT_FALSE(ports.are_few_for(41'023));
  EXPECT_TRUE(ports.are_few_for(443));
}

constexpr int kLocalPortRange = 51;  // IP_LOCAL_PORT_RANGE

// 64 ports that the system gives to connections, without that of the server.
PortRange some_ports(uint16_t server) {
  const uint16_t first = OwnPorts::read().all.first;
  const PortRange some{.first = first, .last = static_cast<uint16_t>(first + 63)};
  return some.contains(server) ? PortRange{.first = static_cast<uint16_t>(first + 64),
                                           .last = static_cast<uint16_t>(first + 127)}
                               : some;
}

class FewPorts : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const UniqueFd any(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const uint32_t none = 0;
    if (::setsockopt(any.get(), IPPROTO_IP, kLocalPortRange, &none, sizeof none) != 0) {
      GTEST_SKIP() << "a kernel before 6.3";
    }
  }
  // One connection of the slot, open.
  void connect(const ConnectOptions& options) {
    slot_ = SlotSocket::next(slot_, server_.address(), options, ports_);
    if (!slot_.fd.valid()) {
      slot_.take(make_probe_socket(server_.address(), options).fd, ports_);
    }
    slot_.connecting = true;
    ASSERT_EQ(connect_probe_socket(slot_.fd.get(), server_.address()), EINPROGRESS);
    while (!slot_.is_ready()) {
    }
    ASSERT_EQ(slot_.finish_connect(0), 0);
  }
  [[nodiscard]] uint32_t range_of_socket() const {
    uint32_t range = 0;
    socklen_t size = sizeof range;
    EXPECT_EQ(::getsockopt(slot_.fd.get(), IPPROTO_IP, kLocalPortRange, &range, &size), 0);
    return range;
  }

  const TestServer server_{{.host = GetParam()}};
  OwnPorts ports_{.all = kUsual, .quiet = some_ports(server_.address().port)};
  SlotSocket slot_;
};

TEST_P(FewPorts, QuietConnectionsTakeTurnsWithThem) {
  std::set<uint16_t> seen;
  for (int i = 0; i < 100; ++i) {
    connect(kQuiet);
    const uint16_t port = slot_.local_address()->port;
    EXPECT_TRUE(ports_.quiet->contains(port)) << port;
    seen.insert(port);
    EXPECT_TRUE(slot_.park_or_reset(CloseMode::quiet));
  }
  EXPECT_GT(seen.size(), 10U);
}

// A socket serves on, and a polite connection, which leaves its port at rest for a minute, has all
// ports before it; so has any when the few were given up.
TEST_P(FewPorts, OthersHaveAnyPort) {
  connect(kQuiet);
  EXPECT_NE(range_of_socket(), 0U);
  ASSERT_TRUE(slot_.park_or_reset(CloseMode::quiet));
  connect({});
  EXPECT_EQ(range_of_socket(), 0U);
  slot_ = SlotSocket();
  connect(kQuiet);
  ASSERT_TRUE(slot_.park_or_reset(CloseMode::quiet));
  ports_.learn(EADDRNOTAVAIL);
  connect(kQuiet);
  EXPECT_EQ(range_of_socket(), 0U);
}

// A port that nobody has, on this machine's own address.
UniqueFd hold_port(const SocketAddress& at) {
  sockaddr_storage storage{};
  const socklen_t length = at.to_sockaddr(storage);
  UniqueFd holder(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(holder.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  EXPECT_EQ(::bind(holder.get(), reinterpret_cast<const sockaddr*>(&storage), length), 0);
  return holder;
}

class BackendPorts : public ProbeIoSuite {};

// Somebody else has all of them: what was to leave from them fails, which is our own trouble, and
// then it is any port.
TEST_P(BackendPorts, WhenTheFewAreTakenItIsAnyPort) {
  const TestServer server({});
  const SocketAddress anywhere{.ip = *IpAddress::parse("127.0.0.1"), .port = 0};
  const UniqueFd holder = hold_port(anywhere);
  const uint16_t taken = local_address_of(holder.get())->port;
  io_ = GetParam()
            .make_with(clock_, 8, 256, {.quiet = PortRange{.first = taken, .last = taken}})
            .value();
  io_->connect(1, server.address(), {.source = IpAddress::parse("127.0.0.9")});
  EXPECT_EQ(next().error, 0);
  io_->connect(0, server.address(), kQuiet);
  EXPECT_EQ(next().error, EADDRNOTAVAIL);
  io_->close(0, CloseMode::quiet);
  io_->connect(0, server.address(), kQuiet);
  EXPECT_EQ(next().error, 0);
  EXPECT_NE(io_->local_address(0)->port, taken);
}

INSTANTIATE_TEST_SUITE_P(Kernel, BackendPorts, testing::ValuesIn(kBackends), backend_name);
INSTANTIATE_TEST_SUITE_P(Families, FewPorts, testing::Values("127.0.0.1", "::1"),
                         [](const auto& family) {
                           return family.param[0] == ':' ? std::string("v6") : std::string("v4");
                         });

}  // namespace
}  // namespace tocsin
