// Sockets that serve one connection after the other: nobody may notice, neither the peer nor who
// asks what the kernel knows.
#include <dirent.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>

#include "probe/probe_socket.h"
#include "probe/test_probe_io.h"
#include "probe/test_server.h"

namespace tocsin {
namespace {

size_t open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), &::closedir);
  size_t count = 0;
  while (::readdir(folder.get()) != nullptr) {
    ++count;
  }
  return count;
}

class ProbeIoReuse : public ProbeIoSuite {
 protected:
  // One connection to its end; how many descriptors are left of it.
  size_t left_after(const SocketAddress& to, const ConnectOptions& options, bool until_its_end) {
    const size_t before = open_descriptors();
    io_->connect(0, to, options);
    EXPECT_EQ(next().error, 0);
    const KernelFacts facts = io_->facts(0);
    EXPECT_TRUE(facts.rtt);
    EXPECT_EQ(facts.syn_retransmits, 0U);
    EXPECT_FALSE(facts.reset);
    io_->shutdown_write(0);
    if (until_its_end) {
      std::array<char, 100> buffer{};
      io_->receive(0, buffer);
      const IoEvent end = next();
      EXPECT_EQ(end.kind, IoKind::received);
      EXPECT_EQ(end.error, 0);
      EXPECT_EQ(end.bytes, 0U);
    }
    io_->close(0, CloseMode::fin);
    return open_descriptors() - before;
  }
  void wait_for_ends(const TestServer& server, size_t count) {
    while (server.report().ended < count) {
      wait(1ms);
    }
    EXPECT_EQ(server.report().ended, count);
    EXPECT_EQ(server.report().ended_by_reset, 0U);
  }
};
INSTANTIATE_TEST_SUITE_P(Kernel, ProbeIoReuse, testing::ValuesIn(kBackends), backend_name);

// fin: the peer sees as many connections as were made, each with an orderly end.
TEST_P(ProbeIoReuse, AConnectionThatIsOverLeavesItsSocketToTheNext) {
  for (const char* host : {"127.0.0.1", "::1"}) {
    const TestServer server({.host = host});
    const TestServer other({});
    left_after(other.address(), {.source = IpAddress::parse("127.0.0.9")}, true);  // keeps none
    EXPECT_EQ(left_after(server.address(), {}, true), 1U);
    for (size_t round = 2; round <= 20; ++round) {
      EXPECT_EQ(left_after(server.address(), {}, true), 0U) << "the same socket again";
    }
    wait_for_ends(server, 20);
  }
}

// What nobody needs is given back to the system, and the slot serves on.
TEST_P(ProbeIoReuse, ASlotLetsItsSocketGo) {
  const TestServer server({});
  EXPECT_EQ(left_after(server.address(), {}, true), 1U);
  const size_t with_it = open_descriptors();
  io_->let_go(0);
  EXPECT_EQ(open_descriptors(), with_it - 1);
  io_->let_go(0);
  EXPECT_EQ(left_after(server.address(), {}, true), 1U);
  wait_for_ends(server, 2);
}

// It gets an orderly end and no reset, also when it has acknowledged ours long ago (which it may
// put off for 40 ms).
TEST_P(ProbeIoReuse, OneThePeerHasNotEndedIsClosed) {
  const TestListener listener;
  io_->connect(0, listener.address(), {});
  EXPECT_EQ(next().error, 0);
  const UniqueFd peer = listener.accept();
  io_->shutdown_write(0);
  EXPECT_TRUE(wait(60ms).empty());
  const size_t before = open_descriptors();
  io_->close(0, CloseMode::fin);
  EXPECT_EQ(open_descriptors(), before - 1);
  char byte = 0;
  EXPECT_EQ(::recv(peer.get(), &byte, 1, 0), 0);
  EXPECT_EQ(::send(peer.get(), "x", 1, MSG_NOSIGNAL), 1) << "an orderly end: half of it is open";
}

// A peer may put off its acknowledgement of our end; one that ends its side gives it.
TEST(ProbeSocket, AnEndThatIsUnderWayIsNotYetHeard) {
  const TestListener listener;
  const OpenedSocket opened = make_probe_socket(listener.address(), {});
  ASSERT_EQ(connect_probe_socket(opened.fd.get(), listener.address()), EINPROGRESS);
  UniqueFd peer = listener.accept();
  ::shutdown(opened.fd.get(), SHUT_WR);
  EXPECT_FALSE(is_all_heard(opened.fd.get()));
  peer.reset();
  char byte = 0;
  while (::recv(opened.fd.get(), &byte, 1, 0) < 0) {
    ASSERT_EQ(errno, EAGAIN);
  }
  EXPECT_TRUE(is_all_heard(opened.fd.get()));
}

// A source address and a hop limit stay with a socket.
TEST_P(ProbeIoReuse, OneWithWishesOfItsOwnServesNobodyElse) {
  const TestServer server({});
  const ConnectOptions from_there{.source = IpAddress::parse("127.0.0.9")};
  EXPECT_EQ(left_after(server.address(), from_there, true), 0U);
  EXPECT_EQ(left_after(server.address(), {.hop_limit = 3}, true), 0U);
  EXPECT_EQ(left_after(server.address(), {}, true), 1U) << "this one is kept";
  io_->connect(0, server.address(), from_there);
  EXPECT_EQ(next().error, 0);
  EXPECT_EQ(io_->local_address(0)->ip.text(), "127.0.0.9");
  io_->close(0, CloseMode::fin);
  wait_for_ends(server, 4);
  EXPECT_EQ(left_after(server.address(), {}, true), 1U);
}

TEST_P(ProbeIoReuse, AfterAResetNothingIsKept) {
  const TestServer server({.then = PeerScript::Then::reset});
  const size_t before = open_descriptors();
  io_->connect(0, server.address(), {});
  next();
  io_->shutdown_write(0);
  std::array<char, 100> buffer{};
  io_->receive(0, buffer);
  next();
  io_->close(0, CloseMode::fin);
  EXPECT_EQ(open_descriptors(), before);
}

// The kernel tells a reset once: one that came before we looked is told with the connect, and
// reading finds an end then.
TEST_P(ProbeIoReuse, AfterAResetThatCameBeforeWeLookedNothingIsKept) {
  const TestListener listener;
  io_->connect(0, listener.address(), {});
  EXPECT_TRUE(io_->poll_now(0));
  UniqueFd peer = listener.accept();
  const size_t with_peer = open_descriptors();
  const linger hard{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  peer.reset();
  EXPECT_EQ(next().error, 0) << "it was open";
  io_->shutdown_write(0);
  std::array<char, 100> buffer{};
  io_->receive(0, buffer);
  EXPECT_EQ(next().error, ECONNRESET);
  io_->close(0, CloseMode::fin);
  EXPECT_EQ(open_descriptors(), with_peer - 2);
}

// The keeping back of an acknowledgement and an ear for ICMP do not stay with a socket.
TEST_P(ProbeIoReuse, AQuietConnectionAndATalkTakeTurns) {
  for (const char* host : {"127.0.0.1", "::1"}) {
    const TestServer server({.answers = "pong", .host = host});
    for (size_t round = 1; round <= 3; ++round) {
      io_->connect(0, server.address(), {.accept_less = true});
      EXPECT_EQ(next().error, 0);
      io_->close(0, CloseMode::quiet);
      io_->connect(0, server.address(), {});
      EXPECT_EQ(next().error, 0);
      std::array<char, 100> buffer{};
      io_->receive(0, buffer);
      io_->send(0, std::string_view("ping"));
      EXPECT_EQ(next().kind, IoKind::sent);
      EXPECT_EQ(std::string_view(buffer.data(), next().bytes), "pong");
      io_->shutdown_write(0);
      io_->receive(0, buffer);
      EXPECT_EQ(next().bytes, 0U);
      io_->close(0, CloseMode::fin);
      wait_for_ends(server, round);
    }
  }
}

// quiet: SYN, SYN-ACK, RST. The service's accept() never returns: nothing ended there, because
// nothing began.
TEST_P(ProbeIoReuse, AnAcceptLessConnectIsNeverSeenByTheService) {
  const TestServer server({});
  for (int i = 0; i < 20; ++i) {
    io_->connect(0, server.address(), {.accept_less = true});
    EXPECT_EQ(next().error, 0);
    io_->close(0, CloseMode::quiet);
  }
  io_->connect(0, server.address(), {});
  EXPECT_EQ(next().error, 0);
  io_->close(0, CloseMode::fin);
  while (server.report().ended == 0) {
    wait(1ms);
  }
  EXPECT_EQ(server.report().ended, 1U);
}

// A slot whose socket lives on after a quiet close serves whatever comes next: a refusal, another
// family, a talk.
TEST_P(ProbeIoReuse, AQuietSlotGoesOnWithAnyTarget) {
  const TestServer server({.answers = "pong"});
  const TestServer server6({.host = "::1"});
  for (int round = 0; round < 3; ++round) {
    io_->connect(0, server.address(), {.accept_less = true});
    EXPECT_EQ(next().error, 0);
    EXPECT_TRUE(io_->facts(0).rtt);
    EXPECT_EQ(io_->facts(0).syn_retransmits, 0U);
    io_->close(0, CloseMode::quiet);
    io_->connect(0, server6.address(), {.accept_less = true});
    EXPECT_EQ(next().error, 0);
    io_->close(0, CloseMode::quiet);
    io_->connect(0, closed_loopback_port(), {.accept_less = true});
    EXPECT_EQ(next().error, ECONNREFUSED);
    io_->close(0, CloseMode::quiet);
  }
  EXPECT_TRUE(wait(5ms).empty());
  io_->connect(0, server.address(), {});
  EXPECT_EQ(next().error, 0);
  std::array<char, 10> buffer{};
  io_->receive(0, buffer);
  io_->send(0, std::string_view("ping"));
  EXPECT_EQ(next().kind, IoKind::sent);
  EXPECT_EQ(next().bytes, 4U);
}

}  // namespace
}  // namespace tocsin
