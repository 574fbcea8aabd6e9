// What becomes of slots: the polite close, the queue, and probes that nobody wants any more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "probe/test_prober.h"

namespace tocsin {
namespace {

using testing::ElementsAre;

class ProberSlots : public ProberTest {};

// fin: the verdict is told at once; the slot says goodbye on its own, and the peer sees an end and
// no reset.
TEST_F(ProberSlots, APoliteCloseComesAfterTheVerdict) {
  start(monitor_of("192.0.2.1:80"));
  connected(0);
  EXPECT_EQ(sink_.results.size(), 1U);
  EXPECT_THAT(io_.log, ElementsAre("shutdown 0"));
  received(0, "SSH-2.0-banner\r\n");
  received(0, "");
  EXPECT_THAT(io_.log, ElementsAre("shutdown 0", "close 0 fin"));
}

// A peer that never closes has a slot for a second, one that floods for 16 KiB.
TEST_F(ProberSlots, APoliteCloseIsBounded) {
  start(monitor_of("192.0.2.1:80"));
  connected(0);
  pass(1001ms);
  EXPECT_EQ(io_.log.back(), "close 0 fin");
  start(monitor_of("192.0.2.1:80"));
  connected(1);
  for (int i = 0; i < 5; ++i) {
    received(0, std::string(4000, 'x'));
  }
  EXPECT_EQ(io_.log.size(), 4U);
  EXPECT_EQ(io_.log.back(), "close 0 fin");
}

TEST_F(ProberSlots, QuietAndRstCloseAtOnce) {
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->close = CloseMode::quiet;
  start(monitor);
  EXPECT_TRUE(io_.connects[0].accept_less);
  connected(0);
  EXPECT_THAT(io_.log, ElementsAre("close 0 quiet"));
}

// A quiet close is for connections on which nothing is said: a service that was spoken to gets an
// orderly end.
TEST_F(ProberSlots, QuietWithADialogueEndsInOrder) {
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->close = CloseMode::quiet;
  monitor->request = {ExpectStep{.pattern = "hello"}};
  start(monitor);
  EXPECT_FALSE(io_.connects[0].accept_less);
  connected(0);
  received(0, "hello");
  EXPECT_FALSE(result().error);
  EXPECT_THAT(io_.log, ElementsAre("shutdown 0"));
}

// A preset knows its protocol's last words; a mail server that is hung up on writes a line in its
// log each time.
TEST_F(ProberSlots, APresetSaysGoodbyeBeforeTheClose) {
  auto monitor = monitor_of("192.0.2.1:25");
  monitor->preset = "smtp";
  monitor->request = {ExpectStep{.pattern = "220"}};
  start(monitor);
  connected(0);
  received(0, "220 mail.example\r\n");
  EXPECT_EQ(io_.sent[0], "QUIT\r\n");
  EXPECT_TRUE(io_.log.empty());
  event({.slot = 0, .kind = IoKind::sent, .bytes = 6, .at = clock_.now});
  EXPECT_THAT(io_.log, ElementsAre("shutdown 0"));
}

// No free slot: delayed and counted, retries first, never called down.
TEST_F(ProberSlots, RetriesWaitInFrontOfFirstAttempts) {
  io_.slots = 1;
  auto monitor = monitor_of("192.0.2.1:80");
  start(monitor, 1);
  start(monitor, 2);
  start(monitor, 3, true);
  EXPECT_EQ(prober().counters().waiting, 2U);
  EXPECT_EQ(prober().counters().queued, 2U);
  clock_.now += 5ms;
  clock_.wall += 5ms;
  for (size_t i = 0; i < 3; ++i) {
    connected(i);
    received(0, "");
  }
  ASSERT_EQ(sink_.results.size(), 3U);
  EXPECT_EQ(sink_.results[1].first, 3U);
  EXPECT_EQ(sink_.results[2].first, 2U);
  EXPECT_EQ(sink_.results[2].second.scheduling_delay, 5ms);
  EXPECT_FALSE(sink_.results[2].second.error);
}

// A burst does not keep as many sockets as it needed; what is used time and again keeps its own.
TEST_F(ProberSlots, SlotsThatNobodyNeedsLetTheirSocketsGo) {
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->close = CloseMode::rst;
  start(monitor, 1);
  start(monitor, 2);
  connected(0);
  connected(1);
  for (size_t second = 0; second < 6; ++second) {
    pass(1s);
    start(monitor);
    connected(2 + second);
  }
  EXPECT_EQ(std::ranges::count(io_.log, "let go 0"), 1);
  EXPECT_EQ(std::ranges::count(io_.log, "let go 1"), 0);
  EXPECT_NE(prober().next_deadline(), kNever);
  pass(2s);
  pass(2s);
  EXPECT_EQ(io_.log.back(), "let go 1");
  pass(0s);
  EXPECT_EQ(prober().next_deadline(), kNever) << "nothing is left to be looked at";
}

TEST_F(ProberSlots, AFullQueueEndsAProbeAsOverloaded) {
  io_.slots = 1;
  prober({.queue_max = 1});
  auto monitor = monitor_of("192.0.2.1:80");
  start(monitor, 1);
  start(monitor, 2);
  start(monitor, 3);
  EXPECT_TRUE(sink_.results.empty());
  pass(0ms);
  EXPECT_EQ(code_of(result()), ErrorCode::overloaded);
  EXPECT_EQ(sink_.results.front().first, 3U);
  EXPECT_EQ(prober().counters().refused_full, 1U);
}

// A removed monitor is never heard of again, neither its running probe nor its waiting one.
TEST_F(ProberSlots, AForgottenMonitorIsNotReported) {
  io_.slots = 1;
  auto monitor = monitor_of("192.0.2.1:80");
  start(monitor, 1);
  start(monitor, 2);
  prober().forget({7});
  pass(20s);
  EXPECT_TRUE(sink_.results.empty());
  EXPECT_EQ(prober().counters().in_flight, 0U);
  EXPECT_EQ(prober().counters().waiting, 0U);
  start(monitor, 3);
  connected(1);
  EXPECT_EQ(sink_.results.size(), 1U);
}

// An answer for an attempt that is gone must not reach the one that has its place now.
TEST_F(ProberSlots, ALateDnsAnswerReachesNobody) {
  auto monitor = monitor_of("shop.example:80");
  start(monitor);
  const uint64_t old_token = resolver_.asked.back();
  prober().forget({7});
  start(monitor);
  EXPECT_NE(resolver_.asked.back(), old_token);
  resolver_.asked.push_back(old_token);
  resolver_.answer({.addresses = {*IpAddress::parse("192.0.2.1")}});
  pass(1ms);
  EXPECT_TRUE(io_.connects.empty());
}

// A slot freed while a batch is handled is not used again inside it: what follows in the batch may
// be of its former connection.
TEST_F(ProberSlots, ASlotIsNotReusedWithinABatch) {
  io_.slots = 1;
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->close = CloseMode::rst;
  start(monitor, 1);
  sink_.then = [&] { start(monitor, 2); };
  const IoEvent connected_event{.slot = 0, .kind = IoKind::connected, .at = clock_.now};
  const std::array batch = {connected_event, connected_event};
  prober().handle(batch);
  EXPECT_EQ(sink_.results.size(), 1U);
  EXPECT_EQ(io_.connects.size(), 2U);
}

}  // namespace
}  // namespace tocsin
