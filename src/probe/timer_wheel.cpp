#include "probe/timer_wheel.h"

#include <algorithm>
#include <bit>

#include "base/check.h"

namespace tocsin {

TimerWheel::TimerWheel(SteadyTime origin, size_t count) : origin_(origin), nodes_(kHeads + count) {
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i].next = nodes_[i].previous = i;
  }
}

void TimerWheel::schedule(TimerId id, SteadyTime at) {
  const uint32_t node = kHeads + id;
  CHECK(node < nodes_.size(), "a timer has a number below the count");
  unlink(node);
  if (at == kNever) {
    return;
  }
  const int64_t after = std::max<int64_t>((at - origin_).count(), 0);
  const uint64_t tick = static_cast<uint64_t>((after + kTick.count() - 1) / kTick.count());
  CHECK(tick < current_ + (uint64_t{1} << 31), "a timer lies within the horizon");
  nodes_[node].tick = static_cast<uint32_t>(std::max(tick, current_));
  place(node);
}

void TimerWheel::cancel(TimerId id) {
  CHECK(kHeads + id < nodes_.size(), "a timer has a number below the count");
  unlink(kHeads + id);
}

bool TimerWheel::is_set(TimerId id) const { return nodes_[kHeads + id].next != kHeads + id; }

void TimerWheel::place(uint32_t node) {
  const uint32_t tick = nodes_[node].tick;
  const uint32_t differs = tick ^ static_cast<uint32_t>(current_);
  uint32_t head = kDue;
  if (differs != 0) {
    const uint32_t level = static_cast<uint32_t>(std::bit_width(differs) - 1) / 8;
    const uint32_t bucket = (tick >> (8 * level)) & 255U;
    occupied_[level][bucket / 64] |= uint64_t{1} << (bucket % 64);
    head = level * kBuckets + bucket;
  }
  const uint32_t last = nodes_[head].previous;
  nodes_[node].next = head;
  nodes_[node].previous = last;
  nodes_[last].next = node;
  nodes_[head].previous = node;
}

void TimerWheel::unlink(uint32_t node) {
  const uint32_t next = nodes_[node].next;
  const uint32_t previous = nodes_[node].previous;
  if (next == node) {
    return;
  }
  nodes_[previous].next = next;
  nodes_[next].previous = previous;
  nodes_[node].next = nodes_[node].previous = node;
  if (next == previous && next < kDue) {  // only the head is left: its bucket is empty
    const uint32_t bucket = next % kBuckets;
    occupied_[next / kBuckets][bucket / 64] &= ~(uint64_t{1} << (bucket % 64));
  }
}

// First occupied bucket of `level` at or after `from`, or -1.
int TimerWheel::first_bucket(uint32_t level, uint32_t from) const {
  for (uint32_t word = from / 64; word < kBuckets / 64; ++word) {
    uint64_t bits = occupied_[level][word];
    if (word == from / 64) {
      bits &= ~uint64_t{0} << (from % 64);
    }
    if (bits != 0) {
      return static_cast<int>(word * 64) + std::countr_zero(bits);
    }
  }
  return -1;
}

// The next tick at which a timer fires or a bucket moves down. A lower level is always earlier than
// a higher one.
uint64_t TimerWheel::next_tick() const {
  for (uint32_t level = 0; level < kLevels; ++level) {
    const uint32_t shift = 8 * level;
    const uint64_t rotation = (current_ >> shift) & ~uint64_t{255};
    const uint32_t position = (current_ >> shift) & 255U;
    const int bucket = position == 255 ? -1 : first_bucket(level, position + 1);
    if (bucket >= 0) {
      return (rotation + static_cast<uint64_t>(bucket)) << shift;
    }
    // Only the top level wraps: 32 bits of ticks are 12 days, and a server runs longer.
    const int wrapped = level == kLevels - 1 ? first_bucket(level, 0) : -1;
    if (wrapped >= 0) {
      return (rotation + kBuckets + static_cast<uint64_t>(wrapped)) << shift;
    }
  }
  return kNoTick;
}

void TimerWheel::move_down(uint32_t level, uint32_t bucket) {
  const uint32_t head = level * kBuckets + bucket;
  while (nodes_[head].next != head) {
    const uint32_t node = nodes_[head].next;
    unlink(node);
    place(node);
  }
}

void TimerWheel::drain_due(std::vector<TimerId>& fired) {
  while (nodes_[kDue].next != kDue) {
    const uint32_t node = nodes_[kDue].next;
    unlink(node);
    fired.push_back(node - kHeads);
  }
}

void TimerWheel::advance(SteadyTime now, std::vector<TimerId>& fired) {
  drain_due(fired);
  const int64_t passed = std::max<int64_t>((now - origin_).count(), 0) / kTick.count();
  const uint64_t target = static_cast<uint64_t>(passed);
  for (uint64_t tick = next_tick(); tick <= target && tick != kNoTick; tick = next_tick()) {
    current_ = tick;
    for (uint32_t level = kLevels - 1; level > 0; --level) {
      const uint64_t below = (uint64_t{1} << (8 * level)) - 1;
      if ((tick & below) == 0) {
        move_down(level, (tick >> (8 * level)) & 255U);
      }
    }
    move_down(0, tick & 255U);  // all of them are due: they land in the due list
    drain_due(fired);
  }
  current_ = std::max(current_, target);
}

SteadyTime TimerWheel::next() const {
  if (nodes_[kDue].next != kDue) {
    return origin_ + kTick * static_cast<int64_t>(current_);
  }
  const uint64_t tick = next_tick();
  return tick == kNoTick ? kNever : origin_ + kTick * static_cast<int64_t>(tick);
}

}  // namespace tocsin
