// StepClock: when the turn of each step of a dialogue came, how long it took, and which one failed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "model/monitor.h"
#include "model/result.h"

namespace tocsin {

class StepClock {
 public:
  // `began` is the start of the attempt.
  StepClock(SteadyTime began, size_t steps) : began_(began) { times_.reserve(steps); }

  [[nodiscard]] size_t reached() const { return times_.size(); }
  void reach(const Step& step, SteadyTime now);
  // The step whose turn it is was met at `at`, which may lie before its turn: then it took no time.
  void met(SteadyTime at);
  // All bytes of sends so far: those of the newest send end at `bytes`.
  void send_ends_at(uint64_t bytes);
  // So many bytes have left. What waits for an answer waits from now on.
  void have_left(uint64_t bytes, bool is_waiting, SteadyTime now);
  // The dialogue failed in the newest step, or with `sending` in the oldest that could not be sent.
  void failed(bool sending, SteadyTime now);

  [[nodiscard]] std::vector<StepTime> take();

 private:
  struct Timed {
    StepTime time;
    uint64_t ends = 0;  // of a send whose bytes have not left yet
  };
  SteadyTime began_;
  std::vector<Timed> times_;
};

}  // namespace tocsin
