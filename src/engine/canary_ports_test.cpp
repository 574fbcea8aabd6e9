// The two ports of our own, with the kernel's own TCP.
#include "engine/canary_ports.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

namespace tocsin {
namespace {

// A connect to it within `patience`: 1 open, 0 silent, -1 refused; ended by a reset.
int look_at(const SocketAddress& to, int patience_ms) {
  sockaddr_storage storage{};
  const socklen_t length = to.to_sockaddr(storage);
  const UniqueFd fd(::socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  [[maybe_unused]] const int under_way =
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&storage), length);
  pollfd one{.fd = fd.get(), .events = POLLOUT, .revents = 0};
  if (::poll(&one, 1, patience_ms) == 0) {
    return 0;
  }
  return (one.revents & (POLLERR | POLLHUP)) == 0 ? 1 : -1;
}

// Nobody accepts, and yet its queue never fills.
TEST(CanaryPorts, TheListenerAnswersAsOftenAsOneAsks) {
  const auto ports = CanaryPorts::open();
  ASSERT_TRUE(ports);
  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(look_at(*ports->addresses().listener, 1000), 1) << i;
  }
}

// A port scan, an agent, anybody on this machine: who connects and leaves in order stays in the
// queue.
TEST(CanaryPorts, StrangersDoNotMakeTheListenerDeaf) {
  const auto ports = CanaryPorts::open();
  ASSERT_TRUE(ports);
  const CanaryAddresses& canaries = ports->addresses();
  for (int i = 0; i < 40; ++i) {
    sockaddr_storage storage{};
    const socklen_t length = canaries.listener->to_sockaddr(storage);
    const UniqueFd stranger(
        ::socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ::connect(stranger.get(), reinterpret_cast<const sockaddr*>(&storage), length);
  }
  ASSERT_EQ(look_at(*canaries.listener, 50), 0) << "its queue is full";
  canaries.empty_queue();
  EXPECT_EQ(look_at(*canaries.listener, 5000), 1);
}

TEST(CanaryPorts, TheBlackHoleIsSilent) {
  const auto ports = CanaryPorts::open();
  ASSERT_TRUE(ports);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(look_at(*ports->addresses().black_hole, 20), 0) << i;
  }
}

}  // namespace
}  // namespace tocsin
