// OwnDelay: how much of an attempt's measured time may be our own doing. A service must not be
// called slow, or silent, because our loop was busy elsewhere, however little (core/evaluate.cpp
// takes it off before it accuses anybody).
//
// An event is stamped when the wait that brings it returns, but it may have been there since the
// wait before: nobody looked in between. And what we do about it (send the request, start the next
// connect) comes later still, when its turn in the batch comes; the peer's answer to that is late
// by as much. Worked example, one attempt, milliseconds:
//
//     0  connect() is called, then the loop is busy with others
//    60  the wait is called and returns: connected. Up to 60 of these 60 are ours
//    90  the event is handled, 30 after it was told, and the request leaves; 30 more are ours
//   100  the wait is called, and returns at 140: the answer. The 10 before it may be ours too
//
//   measured 140, at most 100 of it ours: 40 is proven
//
// Events of one turn were there together and are counted once.
//
// A turn that brought this attempt nothing takes nothing from it: the peer went on meanwhile.
// Unless it lasted so long that perhaps the whole machine stood still (a virtual machine that is
// moved, a container that is frozen), and with it whatever would have brought the answer, which
// then comes some turns later, when all looks well again. So a standstill counts for every attempt
// that was under way. Nothing is read from a clock here.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/time.h"

namespace tocsin {

// When the loop did not look, as the turn that is being handled knows it.
struct LoopTurn {
  uint64_t number = 0;   // two turns may lie within one microsecond
  SteadyTime since{};    // the last wait returned
  SteadyTime until{};    // this one was called
  SteadyTime woke{};     // and returned
  Duration overslept{};  // it returned so long after its time; 0: it did not
  // Of all turns so far, the standstills that may have been the whole machine's: without this turn,
  // and with it.
  Duration stood_before{}, stood{};
};

class OwnDelay {
 public:
  void begin(const LoopTurn& turn, SteadyTime now);
  // An event of this attempt that was told at `at` is handled now.
  void on_event(const LoopTurn& turn, SteadyTime at, SteadyTime now);
  // A timer has brought us here to see that nothing has come. The kernel has gone on receiving
  // while our loop was busy, but not when the whole machine stood still.
  void on_look(const LoopTurn& turn, SteadyTime now);
  // The newest event of this turn is known to have come `late` before it was told, and is measured
  // so: nothing of its time is ours but a standstill of the machine, and our step that follows it
  // comes so much later.
  void told_late(const LoopTurn& turn, Duration late);
  // The newest event was known to be there so long before it was told.
  void at_least(Duration known) { this_turn_ = std::max(this_turn_, owed_ + known); }
  // From our last step until `at`.
  [[nodiscard]] Duration since_last_step(SteadyTime at) const {
    return std::max(Duration(0), at - handled_);
  }
  // A step of ours came later than planned.
  void add(Duration late);

  [[nodiscard]] Duration total() const { return before_ + this_turn_; }

 private:
  static constexpr uint64_t kNoTurn = std::numeric_limits<uint64_t>::max();

  void enter(const LoopTurn& turn);

  Duration before_{};        // of the turns before this one
  Duration this_turn_{};     // of turn_
  Duration owed_{};          // by which our last step before this turn was late
  Duration pending_{};       // by which the step of this turn is late
  uint64_t turn_ = kNoTurn;  // the newest turn that brought something
  SteadyTime handled_{}, last_step_{};
  Duration stood_{};  // LoopTurn::stood of that turn: what of it is counted
};

}  // namespace tocsin
