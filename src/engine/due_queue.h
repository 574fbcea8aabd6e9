// DueQueue: what is due when, for monitors by index, in order of time, then index.
//
// Nearly all times are within the next minute, so they lie unsorted in buckets of 16 ms, and only
// the bucket whose time has come is put into order: what is due next stands in a small heap that
// stays in the cache, however many monitors there are. What lies further ahead waits in a heap of
// its own. A time that moves later, which nearly all do, costs nothing: the queue keeps the earlier
// one and asks again when that comes.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <queue>
#include <vector>

#include "base/time.h"

namespace tocsin {

template <class Time>
class DueQueue {
 public:
  void set(uint32_t index, Time at) {
    if (index >= live_.size()) {
      live_.resize(index + 1);
    }
    Live& live = live_[index];
    live.time = at;
    live.is_set = true;
    if (live.place == Place::nowhere || at < live.queued) {
      put(index, at);
    }
  }
  void clear(uint32_t index) {
    if (index < live_.size()) {
      live_[index].is_set = false;
    }
  }
  [[nodiscard]] std::optional<Time> next() {
    settle(near_, Place::near);
    if (!near_.empty()) {
      return near_.top().at;
    }
    settle(far_, Place::far);
    const std::optional<Time> ahead = first_in_buckets();
    if (far_.empty()) {
      return ahead;
    }
    return std::min(ahead.value_or(far_.top().at), far_.top().at);
  }
  // The next index due at or before `now`, taken out.
  std::optional<uint32_t> pop_due(Time now) {
    open_until(bucket_of(now) + 1);  // one ahead, so that next() finds it in order
    settle(near_, Place::near);
    if (near_.empty() || near_.top().at > now) {
      return std::nullopt;
    }
    const uint32_t index = near_.top().index;
    near_.pop();
    live_[index].place = Place::nowhere;
    live_[index].is_set = false;
    return index;
  }
  [[nodiscard]] std::optional<Time> time_of(uint32_t index) const {
    return index < live_.size() && live_[index].is_set ? std::optional<Time>(live_[index].time)
                                                       : std::nullopt;
  }

 private:
  static constexpr Duration kBucket = 16ms;
  static constexpr int64_t kBuckets = 4096;  // 65 s
  static constexpr int64_t kWords = kBuckets / 64;
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  enum class Place : uint8_t { nowhere, near, bucket, far };
  struct Entry {
    Time at;
    uint32_t index;
    bool operator<(const Entry& other) const {  // priority_queue: the greatest is on top
      return at != other.at ? at > other.at : index > other.index;
    }
  };
  struct Live {
    Time time{};
    Time queued{};                            // where `place` has it, not later than `time`
    uint32_t next = kNone, previous = kNone;  // in its bucket
    Place place = Place::nowhere;
    bool is_set = false;
  };

  static int64_t bucket_of(Time at) {
    return std::max<int64_t>(0, at.time_since_epoch() / kBucket);
  }

  void put(uint32_t index, Time at) {
    Live& live = live_[index];
    if (live.place == Place::bucket) {
      take_out(index);
    }
    live.queued = at;
    const int64_t bucket = bucket_of(at);
    if (bucket < begin_) {
      live.place = Place::near;
      near_.push({at, index});
    } else if (bucket - begin_ < kBuckets) {
      live.place = Place::bucket;
      put_into_bucket(index, bucket);
    } else {
      live.place = Place::far;
      far_.push({at, index});
    }
  }

  void put_into_bucket(uint32_t index, int64_t bucket) {
    const auto slot = static_cast<size_t>(bucket % kBuckets);
    Live& live = live_[index];
    live.previous = kNone;
    live.next = occupied(slot) ? heads_[slot] : kNone;
    if (live.next != kNone) {
      live_[live.next].previous = index;
    }
    heads_[slot] = index;
    words_[slot / 64] |= uint64_t{1} << slot % 64;
  }
  void take_out(uint32_t index) {
    const Live& live = live_[index];
    if (live.next != kNone) {
      live_[live.next].previous = live.previous;
    }
    if (live.previous != kNone) {
      live_[live.previous].next = live.next;
      return;
    }
    const auto slot = static_cast<size_t>(bucket_of(live.queued) % kBuckets);
    heads_[slot] = live.next;
    if (live.next == kNone) {
      words_[slot / 64] &= ~(uint64_t{1} << slot % 64);
    }
  }
  [[nodiscard]] bool occupied(size_t slot) const {
    return (words_[slot / 64] >> slot % 64 & 1) != 0;
  }

  // The first bucket that holds something.
  [[nodiscard]] std::optional<int64_t> first_bucket() const {
    const auto from = static_cast<size_t>(begin_ % kBuckets);
    for (size_t i = 0; i <= kWords; ++i) {
      const size_t word = (from / 64 + i) % kWords;
      uint64_t bits = words_[word];
      if (i == 0) {
        bits &= ~uint64_t{0} << from % 64;
      } else if (i == kWords) {
        bits &= ~(~uint64_t{0} << from % 64);
      }
      if (bits != 0) {
        const auto slot = static_cast<int64_t>(word * 64) + std::countr_zero(bits);
        return begin_ + (slot - begin_ % kBuckets + kBuckets) % kBuckets;
      }
    }
    return std::nullopt;
  }

  // All buckets up to and with that one are put into order.
  void open_until(int64_t last) {
    if (last < begin_) {
      return;
    }
    for (auto bucket = first_bucket(); bucket && *bucket <= last; bucket = first_bucket()) {
      const auto slot = static_cast<size_t>(*bucket % kBuckets);
      for (uint32_t index = heads_[slot]; index != kNone; index = live_[index].next) {
        live_[index].place = Place::near;
        near_.push({live_[index].queued, index});
      }
      words_[slot / 64] &= ~(uint64_t{1} << slot % 64);
    }
    begin_ = last + 1;
    for (settle(far_, Place::far); !far_.empty() && bucket_of(far_.top().at) < begin_;
         settle(far_, Place::far)) {
      live_[far_.top().index].place = Place::near;
      near_.push(far_.top());
      far_.pop();
    }
  }

  // Of what is in buckets, where it counts.
  std::optional<Time> first_in_buckets() {
    std::optional<Time> first;
    while (const auto bucket = first_bucket()) {
      for (uint32_t index = heads_[static_cast<size_t>(*bucket % kBuckets)]; index != kNone;) {
        const Live& live = live_[index];
        const uint32_t next = live.next;
        if (live.is_set && live.time == live.queued) {
          first = std::min(first.value_or(live.time), live.time);
        } else {
          put_where_it_counts(index);
        }
        index = next;
      }
      if (first) {
        break;
      }
    }
    return first;
  }

  void put_where_it_counts(uint32_t index) {
    Live& live = live_[index];
    if (live.place == Place::bucket) {
      take_out(index);
    }
    live.place = Place::nowhere;
    if (live.is_set) {
      put(index, live.time);
    }
  }

  // Until the top of that heap says what is so.
  void settle(std::priority_queue<Entry>& heap, Place place) {
    while (!heap.empty()) {
      const Entry top = heap.top();
      const Live& live = live_[top.index];
      const bool counts = live.place == place && live.queued == top.at;
      if (counts && live.is_set && live.time == top.at) {
        return;
      }
      heap.pop();
      if (counts) {
        put_where_it_counts(top.index);
      }
    }
  }

  // All before bucket number begin_ is in near_; the buckets are those of the 65 s from there.
  int64_t begin_ = 0;
  std::priority_queue<Entry> near_, far_;
  std::array<uint32_t, kBuckets> heads_{};
  std::array<uint64_t, kWords> words_{};
  std::vector<Live> live_;
};

}  // namespace tocsin
