#include "probe/own_delay.h"

#include <algorithm>
#include <utility>

namespace tocsin {
namespace {

// Between the wait before and this one, but not before our last step.
Duration unseen(const LoopTurn& turn, SteadyTime last_step, SteadyTime until) {
  return std::max(Duration(0), until - std::max(turn.since, last_step));
}

}  // namespace

void OwnDelay::begin(const LoopTurn& turn, SteadyTime now) {
  *this = OwnDelay();
  handled_ = last_step_ = now;
  stood_ = turn.stood;
}

void OwnDelay::enter(const LoopTurn& turn) {
  if (turn.number == turn_) {
    return;
  }
  turn_ = turn.number;
  before_ += std::exchange(this_turn_, Duration(0));
  before_ += turn.stood_before - std::exchange(stood_, turn.stood);
  owed_ = std::exchange(pending_, Duration(0));
  last_step_ = handled_;
}

void OwnDelay::on_event(const LoopTurn& turn, SteadyTime at, SteadyTime now) {
  enter(turn);
  // What was told before our last step does not follow from it, and was counted with its turn.
  if (at >= last_step_) {
    // Told at once, outside of a wait: its time is true.
    const bool is_exact = at < turn.until;
    // Who overslept may have been kept from waking for the whole wait.
    const SteadyTime until = turn.overslept > Duration(0) ? at : turn.until;
    const Duration stood = is_exact ? Duration(0) : unseen(turn, last_step_, until);
    this_turn_ = std::max(this_turn_, owed_ + stood);
  }
  pending_ = std::max(pending_, now - at);
  handled_ = now;
}

void OwnDelay::on_look(const LoopTurn& turn, SteadyTime now) {
  enter(turn);
  const Duration before = owed_ + unseen(turn, last_step_, turn.until) + turn.overslept;
  const Duration since =
      std::exchange(pending_, Duration(0)) + (now - std::max(turn.woke, handled_));
  this_turn_ = std::max(this_turn_, before + std::max(Duration(0), since));
  handled_ = now;
}

void OwnDelay::told_late(const LoopTurn& turn, Duration late) {
  this_turn_ = std::min(this_turn_, turn.stood - turn.stood_before);
  pending_ += late;
}

void OwnDelay::add(Duration late) { before_ += std::max(Duration(0), late); }

}  // namespace tocsin
