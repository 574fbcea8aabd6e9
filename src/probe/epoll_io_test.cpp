#include "probe/epoll_io.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <deque>
#include <thread>

#include "base/scratch_folder.h"
#include "base/unique_fd.h"
#include "probe/test_server.h"
#include "probe/test_support.h"

namespace tocsin {
namespace {

class EpollIoTest : public testing::Test {
 protected:
  std::vector<IoEvent> wait(Duration most = 2s) {
    std::vector<IoEvent> events;
    const SteadyTime end = clock_.steady_now() + most;
    while (events.empty() && clock_.steady_now() < end) {
      io_->wait(end, events);
    }
    return events;
  }
  // The event that comes next; others that come with it are kept for the next call.
  IoEvent next() {
    if (waiting_.empty()) {
      const std::vector<IoEvent> events = wait();
      waiting_.assign(events.begin(), events.end());
    }
    if (waiting_.empty()) {
      ADD_FAILURE() << "nothing happened";
      return {.error = -1};
    }
    const IoEvent event = waiting_.front();
    waiting_.pop_front();
    return event;
  }

  TestClock clock_;
  std::unique_ptr<ProbeIo> io_ = make_epoll_io(clock_, 8).value();
  std::deque<IoEvent> waiting_;
};

TEST_F(EpollIoTest, ConnectSendAndReceiveAreCompletions) {
  const TestServer server({.answers = "pong"});
  io_->connect(3, server.address(), {});
  IoEvent event = next();
  EXPECT_EQ(event.slot, 3U);
  EXPECT_EQ(event.kind, IoKind::connected);
  EXPECT_EQ(event.error, 0);
  const KernelFacts facts = io_->facts(3);
  EXPECT_EQ(facts.local->ip.text(), "127.0.0.1");
  EXPECT_TRUE(facts.rtt);
  EXPECT_FALSE(facts.reset);
  std::array<char, 100> buffer{};
  io_->receive(3, buffer);
  io_->send(3, std::string_view("ping"));
  event = next();
  EXPECT_EQ(event.kind, IoKind::sent);
  EXPECT_EQ(event.bytes, 4U);
  event = next();
  EXPECT_EQ(event.kind, IoKind::received);
  EXPECT_EQ(std::string_view(buffer.data(), event.bytes), "pong");
  io_->close(3, CloseMode::fin);
}

TEST_F(EpollIoTest, ARefusalComesAsItsErrno) {
  io_->connect(0, closed_loopback_port(), {});
  EXPECT_EQ(next().error, ECONNREFUSED);
  EXPECT_FALSE(io_->facts(0).rtt);
}

// The bytes, then the end: with edges, the end has no event of its own when it came with the bytes.
TEST_F(EpollIoTest, AnEndBehindBytesIsToldAfterThem) {
  const TestServer server({.says = "bye", .then = PeerScript::Then::close});
  io_->connect(0, server.address(), {});
  next();
  std::array<char, 100> buffer{};
  io_->receive(0, buffer);
  EXPECT_EQ(next().bytes, 3U);
  io_->receive(0, buffer);
  const IoEvent end = next();
  EXPECT_EQ(end.kind, IoKind::received);
  EXPECT_EQ(end.bytes, 0U);
  EXPECT_EQ(end.error, 0);
}

// More bytes than the buffer holds: the rest must not wait for an edge that never comes.
TEST_F(EpollIoTest, TheRestOfALargeAnswerFollows) {
  const TestServer server({.says = std::string(1000, 'x')});
  io_->connect(0, server.address(), {});
  next();
  std::array<char, 10> buffer{};
  size_t bytes = 0;
  while (bytes < 1000) {
    io_->receive(0, buffer);
    const IoEvent event = next();
    ASSERT_GT(event.bytes, 0U);
    bytes += event.bytes;
  }
}

// A connection that opens and is reset before we look was open: not a refusal.
TEST_F(EpollIoTest, AResetBeforeWeLookIsAnOpenConnection) {
  {
    const TestServer server({.then = PeerScript::Then::reset});
    io_->connect(0, server.address(), {});
  }  // the server is gone, and with it every connection it had or had not accepted
  EXPECT_EQ(next().error, 0);
  EXPECT_TRUE(io_->facts(0).reset);
  std::array<char, 10> buffer{};
  io_->receive(0, buffer);
  EXPECT_EQ(next().error, ECONNRESET);
}

// Nothing is heard of a slot that was closed, not even what was already there.
TEST_F(EpollIoTest, AClosedSlotIsSilent) {
  const TestServer server({.says = "hello"});
  io_->connect(0, server.address(), {});
  next();
  std::array<char, 10> buffer{};
  io_->receive(0, buffer);
  while (!io_->poll_now(0)) {
    std::this_thread::yield();
  }
  io_->close(0, CloseMode::fin);
  EXPECT_TRUE(wait(20ms).empty());
}

TEST_F(EpollIoTest, PollNowSeesAConnectThatHasCompleted) {
  const TestServer server({});
  io_->connect(0, server.address(), {});
  EXPECT_TRUE(io_->poll_now(0));  // on loopback the handshake is over when connect returns
  EXPECT_EQ(next().kind, IoKind::connected);
  EXPECT_FALSE(io_->poll_now(0));
}

// The loop sleeps until a timer of the wheel: whole milliseconds would be a tenth of a fast answer.
TEST_F(EpollIoTest, WaitsFineAndNeverBlocksForThePast) {
  std::vector<IoEvent> events;
  SteadyTime before = clock_.steady_now();
  io_->wait(before + 3ms, events);
  EXPECT_GE(clock_.steady_now() - before, 3ms);
  before = clock_.steady_now();
  io_->wait(SteadyTime::min(), events);
  EXPECT_LT(clock_.steady_now() - before, 1s);
  EXPECT_TRUE(events.empty());
}

TEST_F(EpollIoTest, WakeEndsAWaitFromAnotherThread) {
  std::vector<IoEvent> events;
  std::thread other([&] { io_->wake(); });
  io_->wait(kNever, events);
  other.join();
  EXPECT_TRUE(events.empty());
}

// The resolver's sockets live in the same loop, and it ends a watch from inside its own call.
TEST_F(EpollIoTest, AForeignDescriptorIsWatchedUntilToldOtherwise) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const UniqueFd near(ends[0]);
  const UniqueFd far(ends[1]);
  int calls = 0;
  io_->watch(near.get(), true, false, [&](bool readable, bool writable) {
    EXPECT_TRUE(readable);
    EXPECT_FALSE(writable);
    ++calls;
    io_->watch(near.get(), false, false, nullptr);
  });
  ASSERT_EQ(::send(far.get(), "x", 1, 0), 1);
  std::vector<IoEvent> events;
  io_->wait(clock_.steady_now() + 1s, events);
  EXPECT_EQ(calls, 1);
  io_->wait(clock_.steady_now() + 2ms, events);
  EXPECT_EQ(calls, 1);
}

TEST_F(EpollIoTest, UnixSocketsConnect) {
  const ScratchFolder folder;
  const SocketAddress path{.unix_path = (folder.path() / "s").string()};
  sockaddr_storage storage{};
  const socklen_t length = path.to_sockaddr(storage);
  const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&storage), length), 0);
  io_->connect(0, path, {});
  EXPECT_EQ(next().error, ECONNREFUSED);
  io_->close(0, CloseMode::fin);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  io_->connect(0, path, {});
  EXPECT_EQ(next().error, 0);
  io_->close(0, CloseMode::rst);
  io_->connect(0, {.unix_path = "/" + std::string(200, 'x')}, {});
  EXPECT_EQ(next().error, ENAMETOOLONG);
}

TEST_F(EpollIoTest, ASourceAddressIsTheLocalEnd) {
  const TestServer server({});
  io_->connect(0, server.address(), {.source = IpAddress::parse("127.0.0.9")});
  EXPECT_EQ(next().error, 0);
  EXPECT_EQ(io_->facts(0).local->ip.text(), "127.0.0.9");
}

// quiet: SYN, SYN-ACK, RST. The service's accept() never returns: nothing ended there, because
// nothing began.
TEST_F(EpollIoTest, AnAcceptLessConnectIsNeverSeenByTheService) {
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
    std::this_thread::yield();
  }
  EXPECT_EQ(server.report().ended, 1U);
}

// A slot whose socket lives on after a quiet close serves whatever comes next: a refusal, another
// family, a talk.
TEST_F(EpollIoTest, AQuietSlotGoesOnWithAnyTarget) {
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

// Slots come out of what the process may open, and store and API keep theirs.
TEST_F(EpollIoTest, SlotsAreBoundedByTheDescriptorLimit) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{.rlim_cur = 64, .rlim_max = 128};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    const TestClock clock;
    const auto io = make_epoll_io(clock, 1000, 28);
    const auto none = make_epoll_io(clock, 1000, 128);
    ::_exit(io && (*io)->capacity() == 100 && !none ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace tocsin
