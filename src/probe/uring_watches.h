// The descriptors of others in the prober's ring (the resolver's sockets): who is to be called for
// which. As foreign_watches.h, for io_uring.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

#include "probe/uring_ring.h"

namespace tocsin {

class UringWatches {
 public:
  // `mark` is added to the keys of its operations, so that the owner of the ring knows them.
  UringWatches(UringRing& ring, uint64_t mark) : ring_(ring), mark_(mark) {}

  // ProbeIo::watch.
  void watch(int fd, bool read, bool write, std::function<void(bool, bool)> ready);
  // An operation with the mark in its key has ended.
  void on_ended(const UringCompletion& ended);

 private:
  struct Watch {
    uint64_t key = 0;  // tells the end of an earlier look apart
    uint32_t what = 0;
    std::shared_ptr<std::function<void(bool, bool)>>
        ready;  // shared with a call that is under way and may end the watch
  };
  void look(int fd, Watch& watch);

  UringRing& ring_;
  uint64_t mark_;
  uint32_t generation_ = 0;
  std::unordered_map<int, Watch> watches_;
};

}  // namespace tocsin
