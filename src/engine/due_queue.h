// DueQueue: what is due when, for monitors by index, in order of time, then index.
//
// Nearly all times are within the next minute, so they lie unsorted in buckets of 16 ms, and only
// the bucket whose time has come is put into order: what is due next stands in a small heap that
// stays in the cache, however many monitors there are. What lies further ahead waits in a heap of
// its own. A time that moves later, which nearly all do, costs nothing: the queue keeps the earlier
// place and asks again when its time comes. What is left behind in a place that is not its index's
// any more is dropped there and then.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <queue>
#include <utility>
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
    const int64_t bucket = bucket_of(at);
    const bool is_in_order = live.place == kNear || live.place == kFar;
    if (live.place == kNowhere || bucket < live.bucket() ||
        (is_in_order && bucket == live.bucket())) {
      put(index, at);
    }
  }
  void clear(uint32_t index) {
    if (index < live_.size()) {
      live_[index].is_set = false;
    }
  }
  [[nodiscard]] std::optional<Time> next() {
    settle(near_, kNear);
    if (!near_.empty()) {
      return near_.top().at;
    }
    settle(far_, kFar);
    const std::optional<Time> ahead = first_in_buckets();
    if (far_.empty()) {
      return ahead;
    }
    return std::min(ahead.value_or(far_.top().at), far_.top().at);
  }
  // The next index due at or before `now`, taken out.
  std::optional<uint32_t> pop_due(Time now) {
    open_until(bucket_of(now) + 1);  // one ahead, so that next() finds it in order
    settle(near_, kNear);
    if (near_.empty() || near_.top().at > now) {
      return std::nullopt;
    }
    const uint32_t index = near_.top().index;
    near_.pop();
    live_[index].place = kNowhere;
    live_[index].is_set = false;
    return index;
  }

 private:
  static constexpr Duration kBucket = 16ms;
  static constexpr int64_t kBuckets = 4096;  // 65 s
  static constexpr int64_t kWords = kBuckets / 64;
  static constexpr size_t kAhead = 8;  // so many are asked for before they are looked at
  static constexpr size_t kSpareMax = 16;

  enum Place : uint8_t { kNowhere, kNear, kBucketed, kFar };
  struct Entry {
    Time at;
    uint32_t index;
    bool operator<(const Entry& other) const {  // priority_queue: the greatest is on top
      return at != other.at ? at > other.at : index > other.index;
    }
  };
  struct Live {
    Time time{};
    uint64_t number : 61 = 0;  // of the bucket in which `place` has it, not later than `time`
    uint64_t place : 2 = kNowhere;
    uint64_t is_set : 1 = 0;

    [[nodiscard]] int64_t bucket() const { return static_cast<int64_t>(number); }
    void set_bucket(int64_t bucket) {
      number = static_cast<uint64_t>(bucket) & ((uint64_t{1} << 61) - 1);
    }
  };
  static_assert(sizeof(Live) == 16);

  static int64_t bucket_of(Time at) {
    return std::max<int64_t>(0, at.time_since_epoch() / kBucket);
  }

  void put(uint32_t index, Time at) {
    Live& live = live_[index];
    const int64_t bucket = bucket_of(at);
    live.set_bucket(bucket);
    if (bucket < begin_) {
      live.place = kNear;
      near_.push({at, index});
    } else if (bucket - begin_ < kBuckets) {
      live.place = kBucketed;
      put_into_bucket(index, bucket);
    } else {
      live.place = kFar;
      far_.push({at, index});
    }
  }

  void put_into_bucket(uint32_t index, int64_t bucket) {
    const auto slot = static_cast<size_t>(bucket % kBuckets);
    std::vector<uint32_t>& held = buckets_[slot];
    if (held.capacity() == 0 && !spare_.empty()) {
      held = std::move(spare_.back());
      spare_.pop_back();
    }
    held.push_back(index);
    words_[slot / 64] |= uint64_t{1} << slot % 64;
  }
  // All that was put there, which holds nothing then.
  std::vector<uint32_t> empty_bucket(int64_t bucket) {
    const auto slot = static_cast<size_t>(bucket % kBuckets);
    words_[slot / 64] &= ~(uint64_t{1} << slot % 64);
    return std::exchange(buckets_[slot], {});
  }
  void keep_spare(std::vector<uint32_t>&& list) {
    if (spare_.size() < kSpareMax) {
      list.clear();
      spare_.push_back(std::move(list));
    }
  }
  [[nodiscard]] bool is_in_bucket(uint32_t index, int64_t bucket) const {
    return live_[index].place == kBucketed && live_[index].bucket() == bucket;
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
    std::vector<uint32_t> moved;  // later, meanwhile
    for (auto bucket = first_bucket(); bucket && *bucket <= last; bucket = first_bucket()) {
      std::vector<uint32_t> held = empty_bucket(*bucket);
      for (size_t i = 0; i < held.size(); ++i) {
        __builtin_prefetch(&live_[held[std::min(i + kAhead, held.size() - 1)]]);
        const uint32_t index = held[i];
        Live& live = live_[index];
        if (!is_in_bucket(index, *bucket)) {
          continue;
        }
        if (live.is_set && bucket_of(live.time) == *bucket) {
          live.place = kNear;
          near_.push({live.time, index});
        } else {
          live.place = kNowhere;
          moved.push_back(index);
        }
      }
      keep_spare(std::move(held));
    }
    begin_ = last + 1;
    for (const uint32_t index : moved) {
      put_where_it_counts(index);
    }
    for (settle(far_, kFar); !far_.empty() && bucket_of(far_.top().at) < begin_;
         settle(far_, kFar)) {
      live_[far_.top().index].place = kNear;
      near_.push(far_.top());
      far_.pop();
    }
  }

  // Of what is in buckets, where it counts.
  std::optional<Time> first_in_buckets() {
    std::optional<Time> first;
    for (auto bucket = first_bucket(); bucket && !first; bucket = first_bucket()) {
      std::vector<uint32_t> held = empty_bucket(*bucket);
      for (const uint32_t index : held) {
        if (is_in_bucket(index, *bucket)) {
          put_where_it_counts(index);
          if (is_in_bucket(index, *bucket)) {
            first = std::min(first.value_or(live_[index].time), live_[index].time);
          }
        }
      }
      keep_spare(std::move(held));
    }
    return first;
  }

  void put_where_it_counts(uint32_t index) {
    Live& live = live_[index];
    live.place = kNowhere;
    if (live.is_set) {
      put(index, live.time);
    }
  }

  // Until the top of that heap says what is so.
  void settle(std::priority_queue<Entry>& heap, Place place) {
    while (!heap.empty()) {
      const Entry top = heap.top();
      const Live& live = live_[top.index];
      const bool counts = live.place == place && live.bucket() == bucket_of(top.at);
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
  std::array<std::vector<uint32_t>, kBuckets> buckets_;
  std::array<uint64_t, kWords> words_{};
  std::vector<std::vector<uint32_t>> spare_;  // emptied ones, to be filled again
  std::vector<Live> live_;
};

}  // namespace tocsin
