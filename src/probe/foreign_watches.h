// The descriptors of others in the prober's epoll loop (the resolver's sockets): who is to be
// called for which.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

namespace tocsin {

class ForeignWatches {
 public:
  // `mark` is added to the keys of its epoll events, so that the loop knows them.
  ForeignWatches(int epoll, uint64_t mark) : epoll_(epoll), mark_(mark) {}

  // ProbeIo::watch.
  void watch(int fd, bool read, bool write, std::function<void(bool, bool)> ready);
  // An event with the mark in its key.
  void on_event(uint64_t key, uint32_t what);

 private:
  struct Watch {
    uint32_t generation = 0;  // tells an event of an earlier descriptor of this number apart
    std::shared_ptr<std::function<void(bool, bool)>>
        ready;  // shared with a call that is under way and may end the watch
  };

  int epoll_;
  uint64_t mark_;
  uint32_t generation_ = 0;
  std::unordered_map<int, Watch> watches_;
};

}  // namespace tocsin
