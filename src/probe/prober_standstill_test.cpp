// What of a measured time is our own: our loop was elsewhere, did not wake, or the whole machine
// stood still.
#include <gtest/gtest.h>

#include "probe/test_prober.h"

namespace tocsin {
namespace {

class ProberStandstill : public ProberTest {};

// Nobody looked for twelve seconds, perhaps because the whole machine stood still: the timeout is
// not believed.
TEST_F(ProberStandstill, ALongStandstillLeavesATimeoutWithoutItsTime) {
  start(monitor_of("192.0.2.1:80"));
  stall(12s);
  look();
  EXPECT_EQ(code_of(result()), ErrorCode::timeout);
  EXPECT_EQ(result().response_time, 10s);
  EXPECT_EQ(result().loop_lag, 10s);
}

// A short one is made up for: the peer gets the time that we took from it, and then a timeout is
// one.
TEST_F(ProberStandstill, AShortStandstillPutsTheDeadlineOff) {
  start(monitor_of("192.0.2.1:80"));
  pass(9950ms);
  stall(60ms);
  look();
  EXPECT_TRUE(sink_.results.empty()) << "10.01 s have passed, of which 60 ms were ours";
  pass(56ms);
  EXPECT_EQ(code_of(result()), ErrorCode::timeout);
  EXPECT_EQ(result().response_time, 10s);
  EXPECT_EQ(result().loop_lag, 0us);
}

// What the peer says in the time given back counts.
TEST_F(ProberStandstill, AnAnswerInTheTimeGivenBackIsNoTimeout) {
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->timeout = 100ms;
  monitor->request = {SendStep{"PING"}, ExpectStep{.pattern = "+PONG"}};
  start(monitor);
  stall(60ms);
  connected(0);
  event({.slot = 0, .kind = IoKind::sent, .bytes = 4, .at = clock_.now});
  pass(45ms);
  EXPECT_TRUE(sink_.results.empty());
  pass(15ms);
  received(0, "+PONG");
  EXPECT_FALSE(result().error);
  EXPECT_EQ(result().response_time, 120ms);
  EXPECT_EQ(result().loop_lag, 60ms);
}

// A loop that stands still again and again is too busy to accuse anybody; it does not wait for
// ever.
TEST_F(ProberStandstill, StandstillWithoutEndIsNotMadeUpForWithoutEnd) {
  start(monitor_of("192.0.2.1:80"));
  pass(9999ms);
  for (int turns = 0; sink_.results.empty(); ++turns) {
    ASSERT_LT(turns, 100);
    stall(20ms);
    look();
  }
  EXPECT_EQ(code_of(result()), ErrorCode::timeout);
  EXPECT_GT(result().loop_lag, 0us);
}

// Sixty milliseconds in which our loop was elsewhere: they are measured, and said to be ours.
TEST_F(ProberStandstill, AStallBetweenReadinessAndReadingIsToldApart) {
  start_talking();
  stall(60ms);
  event({.slot = 0, .kind = IoKind::sent, .bytes = 4, .at = clock_.now - 60ms});
  received(0, "+PONG");
  EXPECT_EQ(result().response_time, 62ms);
  EXPECT_EQ(result().loop_lag, 60ms);
}

// A process that was kept from waking (a container out of its CPU share) did not see what came
// meanwhile.
TEST_F(ProberStandstill, AWaitThatOversleptIsOurs) {
  start(monitor_of("192.0.2.1:80"));
  prober().before_wait(clock_.now, clock_.now + 10ms);
  clock_.now += 90ms;
  connected(0);
  EXPECT_EQ(result().response_time, 90ms);
  EXPECT_EQ(result().loop_lag, 90ms);
}

// SIGSTOP inside the wait: it ends with nothing, long before its time, and the answer was there.
TEST_F(ProberStandstill, AWaitThatASignalCutShortMayHaveStoodStill) {
  start(monitor_of("192.0.2.1:80"));
  io_.interrupted = true;
  wait(500ms);
  connected(0);
  EXPECT_EQ(result().response_time, 500ms);
  EXPECT_EQ(result().loop_lag, 500ms);
}

// The machine stands still while we wait, and the peer with it: its answer comes when all looks
// well again.
TEST_F(ProberStandstill, AnAnswerAfterAStandstillOfTheMachineIsNotSlow) {
  start_talking();
  event({.slot = 0, .kind = IoKind::sent, .bytes = 4, .at = clock_.now});
  const SteadyTime look = prober().next_deadline();
  EXPECT_LE(look, clock_.now + 50ms) << "or nobody would know that we did not wake";
  prober().before_wait(clock_.now, look);
  clock_.now += 2600ms;
  prober().handle({});
  prober().advance(clock_.now);
  wait(20ms);
  received(0, "+PONG");
  EXPECT_EQ(result().response_time, 2622ms);
  EXPECT_EQ(result().loop_lag, 2600ms);
}

// The same when it stood still while our loop was at work.
TEST_F(ProberStandstill, AStandstillAtWorkCountsForAllUnderWay) {
  start(monitor_of("192.0.2.1:80"));
  wait(2ms);
  prober().handle({});
  stall(300ms);
  prober().handle({});
  wait(20ms);
  connected(0);
  EXPECT_EQ(result().response_time, 322ms);
  EXPECT_EQ(result().loop_lag, 300ms);
}

TEST_F(ProberStandstill, WithNothingUnderWayNobodyWakes) {
  start(monitor_of("192.0.2.1:80"));
  wait(2ms);
  connected(0);
  pass(1s);
  pass(1s);  // the polite end of the connection
  pass(2s);
  pass(2s);  // its socket is not needed
  EXPECT_GT(prober().next_deadline(), clock_.now + 1h);
}

// Where nothing tells of a standstill the kernel knows since when the bytes lay there.
TEST_F(ProberStandstill, BytesThatLayThereAreReadLateByUs) {
  start_talking();
  event({.slot = 0, .kind = IoKind::sent, .bytes = 4, .at = clock_.now});
  wait(500ms);
  io_.data_age = 490ms;
  received(0, "+PONG");
  EXPECT_EQ(result().response_time, 502ms);
  EXPECT_EQ(result().loop_lag, 490ms);
}

// The resolver judges its deadline by our loop's clock.
TEST_F(ProberStandstill, ADnsTimeoutAfterAStandstillIsDoubtful) {
  for (const Duration stalled : {4ms, 60ms}) {
    start(monitor_of("slow.example:80"));
    stall(stalled);
    resolver_.answer({.error = ProbeError{ErrorCode::dns_timeout, Phase::dns, "silent"}});
    pass(0ms);
    EXPECT_EQ(sink_.results.back().second.loop_lag, stalled == 4ms ? 0ms : 60ms);
  }
}

}  // namespace
}  // namespace tocsin
