// TimerWheel: many timers, each named by a small number of the caller's, with O(1) schedule, move
// and cancel. Four levels of 256 buckets: a timer lies in the level of the highest eight bits in
// which its tick differs from the present one, and moves down a level whenever the present reaches
// its bucket. Lists are indexes into one array, 12 bytes a timer.
//
// Never fires early; fires at most one tick (256 µs) late, the lateness of the caller's own loop
// aside.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace tocsin {

using TimerId = uint32_t;

class TimerWheel {
 public:
  static constexpr Duration kTick = 256us;
  // 6 days: half of what 32 bits of ticks can tell apart.
  static constexpr Duration kHorizon = kTick * (int64_t{1} << 31);

  // Timers are numbered 0 .. count-1. `origin` is now or earlier.
  TimerWheel(SteadyTime origin, size_t count);

  // Sets the timer to `at`, at most kHorizon ahead; a time in the past fires with the next
  // advance(). kNever cancels.
  void schedule(TimerId id, SteadyTime at);
  void cancel(TimerId id);
  [[nodiscard]] bool is_set(TimerId id) const;

  // Appends the timers due at `now`, those of an earlier tick first; they are then no longer set.
  void advance(SteadyTime now, std::vector<TimerId>& fired);
  // Not later than the first timer; may be earlier (a bucket has to move down), then advance()
  // fires nothing. kNever: none is set.
  [[nodiscard]] SteadyTime next() const;

 private:
  static constexpr uint32_t kLevels = 4;
  static constexpr uint32_t kBuckets = 256;
  static constexpr uint32_t kDue = kLevels * kBuckets;  // list of what is due already
  static constexpr uint32_t kHeads = kDue + 1;
  static constexpr uint64_t kNoTick = UINT64_MAX;

  // Heads come first in nodes_, the timers after them. A node that points at itself is in no list
  // (or an empty head).
  struct Node {
    uint32_t next = 0;
    uint32_t previous = 0;
    uint32_t tick = 0;  // low bits of the tick to fire at
  };
  static_assert(sizeof(Node) == 12);

  void place(uint32_t node);
  void unlink(uint32_t node);
  void drain_due(std::vector<TimerId>& fired);
  void move_down(uint32_t level, uint32_t bucket);
  [[nodiscard]] uint64_t next_tick() const;
  [[nodiscard]] int first_bucket(uint32_t level, uint32_t from) const;

  SteadyTime origin_;
  uint64_t current_ = 0;  // the tick everything up to which has fired
  std::vector<Node> nodes_;
  std::array<std::array<uint64_t, kBuckets / 64>, kLevels> occupied_{};
};

}  // namespace tocsin
