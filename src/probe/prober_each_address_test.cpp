// ip_family all: every address is probed, each in a whole timeout of its own, and the worst
// decides.
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "core/evaluate.h"
#include "probe/test_prober.h"

namespace tocsin {
namespace {

class ProberEachAddress : public ProberTest {
 protected:
  static ResolveAnswer numbered(size_t count) {
    ResolveAnswer answer;
    for (size_t i = 1; i <= count; ++i) {
      answer.addresses.push_back(*IpAddress::parse("192.0.2." + std::to_string(i)));
    }
    return answer;
  }
  // Of a name with so many addresses, 192.0.2.1 and so on; it is looked up at once.
  std::shared_ptr<Monitor> monitor_of_all(size_t addresses) {
    resolver_.names["shop.example"] = numbered(addresses);
    auto monitor = monitor_of("shop.example:80");
    monitor->ip_family = IpFamily::all;
    monitor->timeout = 1s;
    return monitor;
  }
  std::shared_ptr<Monitor> talker(size_t addresses) {
    auto monitor = monitor_of_all(addresses);
    monitor->request = {SendStep{"PING"}, ExpectStep{.pattern = "+PONG"}};
    return monitor;
  }
  // The connection asked for as number `nth` opens after `opens`, and the answer comes `later`.
  void answers(size_t nth, Duration opens, Duration later) {
    wait(opens);
    connected(nth);
    event({.slot = slot(nth), .kind = IoKind::sent, .bytes = 4, .at = clock_.now});
    wait(later);
    received(slot(nth), "+PONG");
  }
  SlotIndex slot(size_t nth) const { return io_.connects.at(nth).slot; }
  // The time of the address under way passes, and what a wait that was late gives back.
  void wait_out() {
    pass(1s);
    pass(100ms);
  }
};

// The worse of the answers is the result, and the slowest gives the time.
TEST_F(ProberEachAddress, TheWorstDecides) {
  start(monitor_of_all(3));
  clock_.now += 8ms;
  connected(0);
  ASSERT_EQ(io_.connects.size(), 2U);
  clock_.now += 1ms;
  connected(1, ECONNREFUSED);
  ASSERT_EQ(io_.connects.size(), 3U);
  EXPECT_TRUE(sink_.results.empty());
  clock_.now += 2ms;
  connected(2);
  EXPECT_EQ(result().error, (ProbeError{ErrorCode::tcp_refused, Phase::connect,
                                        "192.0.2.2:80 answered with a reset"}));
  EXPECT_EQ(result().remote->text(), "192.0.2.2:80");
  EXPECT_EQ(result().response_time, 8ms);
}

TEST_F(ProberEachAddress, TheResultSaysWhichFailed) {
  start(monitor_of_all(3));
  connected(0);
  connected(1, ECONNREFUSED);
  connected(2);
  EXPECT_EQ(result().addresses_probed, 3U);
  EXPECT_EQ(result().addresses_left_out, 0U);
  ASSERT_EQ(result().failed_addresses.size(), 1U);
  EXPECT_EQ(result().failed_addresses[0].address.text(), "192.0.2.2:80");
  EXPECT_EQ(result().failed_addresses[0].code, ErrorCode::tcp_refused);
  EXPECT_EQ(result().name_addresses.size(), 3U);
}

// With one slot the next address takes the slot of the last, instead of waiting for ever for a
// second one.
TEST_F(ProberEachAddress, ASingleSlotIsEnough) {
  io_.slots = 1;
  start(monitor_of_all(2));
  connected(0);
  ASSERT_EQ(io_.connects.size(), 2U);
  connected(1);
  EXPECT_FALSE(result().error);
}

// Two that each answer well within the timeout are well, though together they take longer.
TEST_F(ProberEachAddress, EachHasAWholeTimeoutOfItsOwn) {
  start(talker(2));
  answers(0, 100ms, 500ms);
  ASSERT_EQ(io_.connects.size(), 2U);
  wait(100ms);
  connected(1);
  event({.slot = slot(1), .kind = IoKind::sent, .bytes = 4, .at = clock_.now});
  pass(400ms);  // what is left of one timeout for both
  wait(100ms);
  received(slot(1), "+PONG");
  EXPECT_FALSE(result().error);
  EXPECT_EQ(result().response_time, 600ms);
  EXPECT_EQ(result().addresses_probed, 2U);
}

// A dead one takes its whole timeout, and nothing from those behind it.
TEST_F(ProberEachAddress, ThoseBehindASilentOneAreTriedAllTheSame) {
  auto monitor = talker(3);
  start(monitor);
  wait_out();
  ASSERT_EQ(io_.connects.size(), 2U);
  answers(1, 100ms, 800ms);
  ASSERT_EQ(io_.connects.size(), 3U);
  wait(1ms);
  connected(2, ECONNREFUSED);
  EXPECT_EQ(result().addresses_probed, 3U);
  ASSERT_EQ(result().failed_addresses.size(), 2U);
  EXPECT_EQ(
      evaluate(*monitor, result()).reason,
      "192.0.2.1:80 did not answer within 1.00 s. 2 of 3 addresses did not pass: 192.0.2.1:80, "
      "192.0.2.3:80.");
  EXPECT_EQ(result().response_time, 1s);
}

// The time is measured from the moment at which this one was begun.
TEST_F(ProberEachAddress, ASilentOneBehindOthersHasItsWholeTimeToo) {
  start(talker(2));
  answers(0, 100ms, 800ms);
  pass(990ms);
  EXPECT_TRUE(sink_.results.empty());
  pass(110ms);
  EXPECT_EQ(code_of(result()), ErrorCode::timeout);
  EXPECT_EQ(result().phases.connect, 1s);
  EXPECT_EQ(result().loop_lag, 0us) << "it is believed";
}

// We were stopped for so long that the time of all was over: a pass needs every address even so.
TEST_F(ProberEachAddress, ADeadOneIsFoundWhenWeWereStoppedBeforeIt) {
  auto monitor = monitor_of_all(2);
  start(monitor);
  stall(5s);
  connected(0);
  ASSERT_EQ(io_.connects.size(), 2U);
  wait(1ms);
  connected(1, ECONNREFUSED);
  EXPECT_EQ(code_of(result()), ErrorCode::tcp_refused);
  EXPECT_EQ(evaluate(*monitor, result()).verdict, Verdict::failed);
  EXPECT_EQ(result().addresses_probed, 2U);
}

// What we took from one is given back to it alone.
TEST_F(ProberEachAddress, OurDelayWithOneIsNotThatOfTheNext) {
  start(monitor_of_all(2));
  stall(500ms);
  connected(0);
  pass(1s);
  pass(20ms);
  EXPECT_EQ(code_of(result()), ErrorCode::timeout);
  EXPECT_EQ(result().remote->text(), "192.0.2.2:80");
}

// The last look at an answer that is only not yet read is granted to each.
TEST_F(ProberEachAddress, TheAnswerOfEachIsLookedForOnceMore) {
  start(talker(2));
  for (const size_t nth : {0U, 1U}) {
    wait(100ms);
    connected(nth);
    event({.slot = slot(nth), .kind = IoKind::sent, .bytes = 4, .at = clock_.now});
    io_.has_answer = true;
    pass(901ms);
    ASSERT_TRUE(sink_.results.empty());
    ASSERT_TRUE(io_.receiving.contains(slot(nth)));
    received(slot(nth), "+PONG");
  }
  EXPECT_FALSE(result().error);
}

// Looking the name up is part of the first one's time.
TEST_F(ProberEachAddress, TheNameCountsIntoTheTimeOfTheFirst) {
  auto monitor = monitor_of_all(2);
  resolver_.names.clear();
  start(monitor);
  wait(400ms);
  resolver_.answer(numbered(2));
  prober().advance(clock_.now);
  pass(600ms);
  pass(10ms);
  ASSERT_EQ(io_.connects.size(), 2U) << "the time of the first is over";
  pass(900ms);
  connected(1);
  ASSERT_EQ(result().failed_addresses.size(), 1U);
  EXPECT_EQ(result().failed_addresses[0].response_time, 1s);
}

// Steps lie within the time that is told with them: looking the name up, and this address.
TEST_F(ProberEachAddress, StepsAreTimedWithinTheirAddress) {
  auto monitor = talker(2);
  resolver_.names.clear();
  start(monitor);
  wait(50ms);
  resolver_.answer(numbered(2));
  prober().advance(clock_.now);
  answers(0, 1ms, 1ms);
  answers(1, 10ms, 300ms);
  ASSERT_EQ(result().steps.size(), 2U);
  EXPECT_EQ(result().steps[1].at, 60ms);
  EXPECT_EQ(result().steps[1].at + result().steps[1].took, result().response_time);
  EXPECT_EQ(result().transcript.front().at, 60ms);
}

// With one slot the connection of a silent address gives its own to the next.
TEST_F(ProberEachAddress, OneSlotIsEnough) {
  io_.slots = 1;
  start(monitor_of_all(3));
  wait_out();
  ASSERT_EQ(io_.connects.size(), 2U);
  connected(1, ECONNREFUSED);
  ASSERT_EQ(io_.connects.size(), 3U);
  connected(2);
  EXPECT_EQ(result().addresses_probed, 3U);
  ASSERT_EQ(result().failed_addresses.size(), 2U);
  EXPECT_EQ(result().failed_addresses[0].code, ErrorCode::timeout);
  EXPECT_EQ(result().failed_addresses[1].code, ErrorCode::tcp_refused);
}

// Each may take a whole timeout, so that there is an end to them; what is left out is said.
TEST_F(ProberEachAddress, ThereIsABoundOnThemAndItIsSaid) {
  auto monitor = monitor_of_all(kTriedAddressesMax + 4);
  start(monitor);
  for (size_t nth = 0; nth < kTriedAddressesMax; ++nth) {
    EXPECT_TRUE(sink_.results.empty());
    connected(nth, nth == 2 ? ECONNREFUSED : 0);
    look();
  }
  EXPECT_EQ(result().addresses_probed, kTriedAddressesMax);
  EXPECT_EQ(result().addresses_left_out, 4U);
  EXPECT_EQ(
      evaluate(*monitor, result()).reason,
      "Nothing is listening on port 80: the host answered with a reset. 1 of 16 addresses did "
      "not pass: 192.0.2.3:80. 4 more of the name were not probed.");
}

}  // namespace
}  // namespace tocsin
