// DueQueue: what is due when, for monitors by index. One live entry per index: setting a new time
// makes the older entry stale; stale ones are dropped as they surface.
#pragma once

#include <cstdint>
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
    live_[index].time = at;
    const uint32_t version = ++live_[index].version;
    live_[index].set = true;
    heap_.push(Entry{at, index, version});
  }
  void clear(uint32_t index) {
    if (index < live_.size()) {
      live_[index].set = false;
      ++live_[index].version;
    }
  }
  [[nodiscard]] std::optional<Time> next() {
    drop_stale();
    return heap_.empty() ? std::nullopt : std::optional<Time>(heap_.top().at);
  }
  // The next index due at or before `now`, taken out; ties by index.
  std::optional<uint32_t> pop_due(Time now) {
    drop_stale();
    if (heap_.empty() || heap_.top().at > now) {
      return std::nullopt;
    }
    const uint32_t index = heap_.top().index;
    heap_.pop();
    live_[index].set = false;
    return index;
  }
  [[nodiscard]] std::optional<Time> time_of(uint32_t index) const {
    return index < live_.size() && live_[index].set ? std::optional<Time>(live_[index].time)
                                                    : std::nullopt;
  }

 private:
  struct Entry {
    Time at;
    uint32_t index;
    uint32_t version;
    bool operator<(const Entry& other) const {  // priority_queue: the greatest is on top
      return at != other.at ? at > other.at : index > other.index;
    }
  };
  struct Live {
    Time time{};
    uint32_t version = 0;
    bool set = false;
  };
  void drop_stale() {
    while (!heap_.empty()) {
      const Entry& top = heap_.top();
      if (live_[top.index].set && live_[top.index].version == top.version) {
        return;
      }
      heap_.pop();
    }
  }

  std::priority_queue<Entry> heap_;
  std::vector<Live> live_;
};

}  // namespace tocsin
