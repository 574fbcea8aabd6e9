// What every backend of the kernel promises (ports/probe_io.h), on real sockets.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <thread>

#include "base/scratch_folder.h"
#include "base/unique_fd.h"
#include "probe/test_probe_io.h"
#include "probe/test_server.h"

namespace tocsin {
namespace {

INSTANTIATE_TEST_SUITE_P(Kernel, ProbeIoSuite, testing::ValuesIn(kBackends), backend_name);

TEST_P(ProbeIoSuite, ConnectSendAndReceiveAreCompletions) {
  const TestServer server({.answers = "pong"});
  io_->connect(3, server.address(), {});
  IoEvent event = next();
  EXPECT_EQ(event.slot, 3U);
  EXPECT_EQ(event.kind, IoKind::connected);
  EXPECT_EQ(event.error, 0);
  const KernelFacts facts = io_->facts(3);
  EXPECT_FALSE(facts.to_itself);
  EXPECT_EQ(io_->local_address(3)->ip.text(), "127.0.0.1");
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

TEST_P(ProbeIoSuite, ARefusalComesAsItsErrno) {
  io_->connect(0, closed_loopback_port(), {});
  EXPECT_EQ(next().error, ECONNREFUSED);
  EXPECT_FALSE(io_->facts(0).rtt);
}

// The bytes, then the end: with edges, the end has no event of its own when it came with the bytes.
TEST_P(ProbeIoSuite, AnEndBehindBytesIsToldAfterThem) {
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
TEST_P(ProbeIoSuite, TheRestOfALargeAnswerFollows) {
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
TEST_P(ProbeIoSuite, AResetBeforeWeLookIsAnOpenConnection) {
  {
    const TestServer server({.then = PeerScript::Then::reset});
    io_->connect(0, server.address(), {});
    EXPECT_TRUE(io_->poll_now(0));  // a backend may start nothing before it waits or looks
  }  // the server is gone, and with it every connection it had or had not accepted
  EXPECT_EQ(next().error, 0);
  EXPECT_TRUE(io_->facts(0).reset);
  std::array<char, 10> buffer{};
  io_->receive(0, buffer);
  EXPECT_EQ(next().error, ECONNRESET);
}

// Nothing is heard of a slot that was closed, not even what was already there.
TEST_P(ProbeIoSuite, AClosedSlotIsSilent) {
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

TEST_P(ProbeIoSuite, PollNowSeesAConnectThatHasCompleted) {
  const TestServer server({});
  io_->connect(0, server.address(), {});
  EXPECT_TRUE(io_->poll_now(0));  // on loopback the handshake is over when connect returns
  EXPECT_EQ(next().kind, IoKind::connected);
  EXPECT_FALSE(io_->poll_now(0));
}

// What the peer says after a close is nobody's: not even the memory that was lent is touched.
TEST_P(ProbeIoSuite, AClosedSlotGivesItsMemoryBack) {
  const TestListener listener;
  io_->connect(0, listener.address(), {});
  next();
  const UniqueFd peer = listener.accept();
  std::array<char, 100> buffer{};
  io_->receive(0, buffer);
  EXPECT_TRUE(wait(1ms).empty());
  io_->close(0, CloseMode::rst);
  ::send(peer.get(), "late", 4, MSG_NOSIGNAL);
  EXPECT_TRUE(wait(5ms).empty());
  EXPECT_EQ(buffer[0], 0);
}

// A receive that was never answered, and a send that nobody reads, end with their slot.
TEST_P(ProbeIoSuite, ACloseEndsWhatIsUnderWay) {
  const TestListener silent;
  const std::string much(size_t{8} << 20, 'x');
  std::array<char, 100> buffer{};
  for (int round = 0; round < 3; ++round) {
    io_->connect(0, silent.address(), {});
    EXPECT_EQ(next().kind, IoKind::connected);
    io_->receive(0, buffer);
    io_->send(0, much);
    if (round > 0) {
      EXPECT_TRUE(wait(2ms).empty());  // the first is closed before anything of it was waited for
    }
    io_->close(0, CloseMode::rst);
  }
  io_->connect(0, silent.address(), {});
  EXPECT_EQ(next().error, 0);
}

// A connect that nobody answers is given up; the slot is as good as new, and its end is not heard.
TEST_P(ProbeIoSuite, AConnectThatIsGivenUpIsSilent) {
  const TestListener full(true);
  const TestServer server({.answers = "pong"});
  for (int round = 0; round < 3; ++round) {
    io_->connect(0, full.address(), {});
    if (round > 0) {
      EXPECT_TRUE(wait(2ms).empty());
      EXPECT_FALSE(io_->poll_now(0));
    }
    io_->close(0, CloseMode::rst);
    io_->connect(0, server.address(), {});
    EXPECT_EQ(next().error, 0);
    EXPECT_EQ(io_->local_address(0)->ip.text(), "127.0.0.1");
    EXPECT_TRUE(wait(1ms).empty());
    io_->close(0, CloseMode::rst);
  }
}

// More at once than one look of the kernel gives: every slot is told, once.
TEST_P(ProbeIoSuite, TwoHundredEndsAtOnceAreAllTold) {
  const TestServer server({});
  const auto io = GetParam().make(clock_, 200, 0).value();
  for (SlotIndex slot = 0; slot < 200; ++slot) {
    io->connect(slot, slot % 4 == 0 ? server.address() : closed_loopback_port(), {});
  }
  std::vector<int> told(200, 0);
  std::vector<IoEvent> events;
  const SteadyTime end = clock_.steady_now() + 5s;
  for (size_t count = 0; count < 200 && clock_.steady_now() < end; count += events.size()) {
    events.clear();
    io->wait(end, events);
    for (const IoEvent& event : events) {
      ++told[event.slot];
      EXPECT_EQ(event.error, event.slot % 4 == 0 ? 0 : ECONNREFUSED) << event.slot;
    }
  }
  EXPECT_EQ(told, std::vector<int>(200, 1));
}

// A nap is a wait for nothing: what was asked for goes on meanwhile.
TEST_P(ProbeIoSuite, ANapStartsWhatWasAskedFor) {
  const TestServer server({});
  io_->connect(0, server.address(), {});
  const SteadyTime before = clock_.steady_now();
  io_->nap(before + 2ms);
  EXPECT_GE(clock_.steady_now() - before, 2ms);
  std::vector<IoEvent> events;
  io_->wait(SteadyTime::min(), events);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].error, 0);
  EXPECT_GE(events[0].at - before, 2ms);
}

// A process that was stopped inside its wait is to know (SIGSTOP); any signal looks the same.
TEST_P(ProbeIoSuite, ASignalThatCutsAWaitShortIsTold) {
  struct sigaction before{};
  struct sigaction quiet{};
  quiet.sa_handler = [](int) {};
  ::sigaction(SIGALRM, &quiet, &before);
  // Again and again, as the first may come before the wait.
  const timeval often{.tv_sec = 0, .tv_usec = 2000};
  const itimerval soon{.it_interval = often, .it_value = often};
  const itimerval never{};
  std::vector<IoEvent> events;
  ::setitimer(ITIMER_REAL, &soon, nullptr);
  io_->wait(clock_.steady_now() + 2s, events);
  EXPECT_TRUE(io_->was_interrupted());
  ::setitimer(ITIMER_REAL, &never, nullptr);
  wait_undisturbed(clock_.steady_now() + 1ms);
  ::sigaction(SIGALRM, &before, nullptr);
}

// The kernel tells a reset once, and it may be the send that hears of it.
TEST_P(ProbeIoSuite, AResetThatASendWasToldIsNoOrderlyEndForTheRead) {
  const TestServer server({.then = PeerScript::Then::reset});
  io_->connect(0, server.address(), {});
  EXPECT_EQ(next().error, 0);
  const SteadyTime end = clock_.steady_now() + 5s;
  while (!io_->facts(0).reset) {
    ASSERT_LT(clock_.steady_now(), end) << "the reset never came";
    std::this_thread::yield();
  }
  io_->send(0, std::string_view("ping"));
  IoEvent event = next();
  EXPECT_EQ(event.kind, IoKind::sent);
  EXPECT_EQ(event.error, ECONNRESET);
  std::array<char, 10> buffer{};
  io_->receive(0, buffer);
  event = next();
  EXPECT_EQ(event.kind, IoKind::received);
  EXPECT_EQ(event.error, ECONNRESET);
}

// The loop sleeps until a timer of the wheel: whole milliseconds would be a tenth of a fast answer.
TEST_P(ProbeIoSuite, WaitsFineAndNeverBlocksForThePast) {
  std::vector<IoEvent> events;
  SteadyTime before = clock_.steady_now();
  wait_undisturbed(before + 3ms);
  EXPECT_GE(clock_.steady_now() - before, 3ms);
  before = clock_.steady_now();
  io_->wait(SteadyTime::min(), events);
  EXPECT_LT(clock_.steady_now() - before, 1s);
  EXPECT_TRUE(events.empty());
}

TEST_P(ProbeIoSuite, WakeEndsAWaitFromAnotherThread) {
  std::vector<IoEvent> events;
  std::thread other([&] { io_->wake(); });
  io_->wait(kNever, events);
  other.join();
  EXPECT_TRUE(events.empty());
}

// What was not taken from a foreign descriptor is told again.
TEST_P(ProbeIoSuite, AForeignDescriptorIsToldOfAsLongAsItIsReady) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  UniqueFd near(ends[0]);
  const UniqueFd far(ends[1]);
  ASSERT_EQ(::send(far.get(), "ab", 2, 0), 2);
  std::string taken;
  int writable = 0;
  io_->watch(near.get(), false, true, [&](bool, bool) { ++writable; });
  io_->watch(near.get(), true, false, [&](bool, bool) {
    char one = 0;
    ASSERT_EQ(::recv(near.get(), &one, 1, 0), 1);
    taken += one;
  });
  std::vector<IoEvent> events;
  for (int i = 0; i < 3; ++i) {
    io_->wait(clock_.steady_now() + 2ms, events);
  }
  EXPECT_EQ(taken, "ab");
  EXPECT_EQ(writable, 0) << "a watch replaces the earlier one";
  io_->watch(near.get(), false, false, nullptr);
}

// The resolver's sockets live in the same loop, and it ends a watch from inside its own call.
TEST_P(ProbeIoSuite, AForeignDescriptorIsWatchedUntilToldOtherwise) {
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

TEST_P(ProbeIoSuite, UnixSocketsConnect) {
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

TEST_P(ProbeIoSuite, ASourceAddressIsTheLocalEnd) {
  const TestServer server({});
  io_->connect(0, server.address(), {.source = IpAddress::parse("127.0.0.9")});
  EXPECT_EQ(next().error, 0);
  EXPECT_EQ(io_->local_address(0)->ip.text(), "127.0.0.9");
}

// Slots come out of what the process may open, and store and API keep theirs.
TEST_P(ProbeIoSuite, SlotsAreBoundedByTheDescriptorLimit) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{.rlim_cur = 64, .rlim_max = 128};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    const TestClock clock;
    const auto io = GetParam().make(clock, 1000, 28);
    const auto none = GetParam().make(clock, 1000, 128);
    ::_exit(io && (*io)->capacity() == 100 && !none ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace tocsin
