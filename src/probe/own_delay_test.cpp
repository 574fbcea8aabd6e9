#include "probe/own_delay.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

SteadyTime at(Duration time) { return SteadyTime(Duration(1h) + time); }

// A loop that did not look between `since` and `until`; no two turns here begin at one time.
LoopTurn turn(Duration since, Duration until, Duration overslept = 0us) {
  return {.number = static_cast<uint64_t>(at(until).time_since_epoch().count()),
          .since = at(since),
          .until = at(until),
          .woke = at(until),
          .overslept = overslept};
}

class OwnDelayTest : public testing::Test {
 protected:
  OwnDelayTest() { delay_.begin({}, at(0ms)); }
  void event(const LoopTurn& turn, Duration told, Duration handled) {
    delay_.on_event(turn, at(told), at(handled));
  }
  OwnDelay delay_;
};

// The common case: the loop waits, the kernel wakes it, nothing of the measured time is ours.
TEST_F(OwnDelayTest, AnEventThatWokeTheLoopIsNotLate) {
  event(turn(0ms, 0ms), 5ms, 5ms);
  EXPECT_EQ(delay_.total(), 0us);
}

// It may have been there all the while, however short the while was.
TEST_F(OwnDelayTest, WhatCameWhileNobodyLookedIsOurs) {
  event(turn(-5ms, 60ms), 60ms, 60ms);
  EXPECT_EQ(delay_.total(), 60ms) << "not what was before the attempt began";
}

// The time at which an event was told ends what is measured: handling it late harms the next one.
TEST_F(OwnDelayTest, HandlingTheLastEventLateHarmsNothing) {
  event(turn(0ms, 0ms), 5ms, 70ms);
  EXPECT_EQ(delay_.total(), 0us);
}

TEST_F(OwnDelayTest, TheAnswerToALateStepIsLateByAsMuch) {
  event(turn(0ms, 60ms), 60ms, 90ms);
  event(turn(60ms, 100ms), 140ms, 140ms);
  EXPECT_EQ(delay_.total(), 100ms) << "the worked example of the header";
}

// Two turns of a stalling loop take twice from the same probe.
TEST_F(OwnDelayTest, StallsAddUp) {
  event(turn(0ms, 30ms), 30ms, 30ms);
  event(turn(30ms, 70ms), 70ms, 70ms);
  EXPECT_EQ(delay_.total(), 70ms);
}

// A wait that returned at once, and the next one in the same microsecond: still two turns. Seen
// with seed 602, where a service was called silent for a stall of the second.
TEST_F(OwnDelayTest, TurnsAtOneMomentAddUp) {
  const LoopTurn first{
      .number = 1, .since = at(0ms), .until = at(60ms), .woke = at(60ms), .overslept = {}};
  const LoopTurn second{
      .number = 2, .since = at(60ms), .until = at(60ms), .woke = at(70ms), .overslept = {}};
  delay_.on_event(first, at(60ms), at(60ms));
  delay_.on_look(second, at(100ms));
  EXPECT_EQ(delay_.total(), 90ms);
}

TEST_F(OwnDelayTest, EventsOfOneTurnWereThereTogether) {
  event(turn(0ms, 60ms), 60ms, 60ms);
  event(turn(0ms, 60ms), 60ms, 61ms);
  EXPECT_EQ(delay_.total(), 60ms);
}

// A turn that brought nothing for this attempt took nothing from it.
TEST_F(OwnDelayTest, OtherTurnsDoNotCount) {
  event(turn(0ms, 0ms), 10ms, 10ms);
  event(turn(90ms, 91ms), 100ms, 100ms);
  EXPECT_EQ(delay_.total(), 1ms);
}

// A standstill that may have been the whole machine's took from everybody, whatever turn brings the
// answer; and only once.
TEST_F(OwnDelayTest, AStandstillOfTheMachineCountsInLaterTurns) {
  LoopTurn later = turn(2700ms, 2701ms);
  later.stood_before = later.stood = 2600ms;
  event(later, 2760ms, 2760ms);
  EXPECT_EQ(delay_.total(), 2601ms);
  later = turn(2760ms, 2761ms);
  later.stood_before = later.stood = 2600ms;
  event(later, 2770ms, 2770ms);
  EXPECT_EQ(delay_.total(), 2602ms);
}

// In the turn that it belongs to the standstill is known better: by what lay in it.
TEST_F(OwnDelayTest, AStandstillIsNotCountedTwiceInItsOwnTurn) {
  LoopTurn its = turn(0ms, 600ms);
  its.stood = 600ms;
  event(its, 600ms, 600ms);
  EXPECT_EQ(delay_.total(), 600ms);
}

TEST_F(OwnDelayTest, AStandstillBeforeTheBeginningIsNobodys) {
  LoopTurn first = turn(0ms, 1ms);
  first.stood_before = first.stood = 900ms;
  delay_.begin(first, at(1ms));
  LoopTurn next = turn(1ms, 2ms);
  next.stood_before = next.stood = 900ms;
  event(next, 5ms, 5ms);
  EXPECT_EQ(delay_.total(), 1ms);
}

// The event of a send that left at once carries its own time: nobody waited for it.
TEST_F(OwnDelayTest, AnEventToldAtOnceIsNotLate) {
  event(turn(0ms, 0ms), 5ms, 5ms);
  event(turn(5ms, 65ms), 6ms, 65ms);
  EXPECT_EQ(delay_.total(), 0us);
}

// Something kept the process from waking, nobody knows since when.
TEST_F(OwnDelayTest, AWaitThatOversleptMayHaveBeenDeafFromItsBeginning) {
  event(turn(0ms, 0ms, 20ms), 300ms, 300ms);
  EXPECT_EQ(delay_.total(), 300ms);
}

// The kernel has timed the handshake itself, and knows better than any bound.
TEST_F(OwnDelayTest, WhatIsKnownExactlyReplacesTheBound) {
  event(turn(0ms, 60ms), 60ms, 60ms);
  delay_.told_late(turn(0ms, 60ms), 8ms);
  EXPECT_EQ(delay_.total(), 0us) << "measured until it came, not until it was told";
  event(turn(60ms, 65ms), 80ms, 80ms);
  EXPECT_EQ(delay_.total(), 13ms) << "what followed was late by as much";
}

// The kernel's own time stood still with the machine.
TEST_F(OwnDelayTest, AStandstillIsOursHoweverExactTheTime) {
  LoopTurn its = turn(0ms, 1ms, 900ms);
  its.stood = 990ms;
  event(its, 991ms, 991ms);
  delay_.told_late(its, 8ms);
  EXPECT_EQ(delay_.total(), 990ms);
}

// Nothing has come: what the peer did not get of its time is our standstill before this look too.
TEST_F(OwnDelayTest, ALookCountsTheStandstillBeforeIt) {
  event(turn(0ms, 0ms), 10ms, 12ms);
  delay_.on_look(turn(80ms, 110ms), at(110ms));
  EXPECT_EQ(delay_.total(), 32ms);
  delay_.on_look({.since = at(110ms), .until = at(111ms), .woke = at(160ms), .overslept = 7ms},
                 at(160ms));
  EXPECT_EQ(delay_.total(), 40ms) << "of a wait that overslept, what it overslept";
}

// The loop was busy after its wait, and comes to the deadline late: events may have come meanwhile.
TEST_F(OwnDelayTest, ALookCountsWhatWasDoneBeforeItInItsTurn) {
  event(turn(0ms, 0ms), 10ms, 12ms);
  delay_.on_look({.since = at(80ms), .until = at(80ms), .woke = at(90ms)}, at(130ms));
  EXPECT_EQ(delay_.total(), 42ms);
}

}  // namespace
}  // namespace tocsin
