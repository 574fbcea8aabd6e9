#include "probe/uring_watches.h"

#include <poll.h>

#include <utility>

namespace tocsin {

void UringWatches::watch(int fd, bool read, bool write, std::function<void(bool, bool)> ready) {
  if (const auto found = watches_.find(fd); found != watches_.end()) {
    ring_.ask(IORING_OP_ASYNC_CANCEL, kNobody).addr = found->second.key;
    watches_.erase(found);
  }
  if (!read && !write) {
    return;
  }
  Watch& made = watches_[fd];
  made.what = (read ? POLLIN : 0U) | (write ? POLLOUT : 0U);
  made.ready = std::make_shared<std::function<void(bool, bool)>>(std::move(ready));
  look(fd, made);
}

// Once, and again after each call: so a descriptor that is still ready is told again, as with
// epoll.
void UringWatches::look(int fd, Watch& watch) {
  generation_ = (generation_ + 1) & 0x7fffffffU;  // the highest bit of a key is the mark
  watch.key = mark_ | (uint64_t{generation_} << 32) | static_cast<uint32_t>(fd);
  io_uring_sqe& poll = ring_.ask(IORING_OP_POLL_ADD, watch.key);
  poll.fd = fd;
  poll.poll32_events = watch.what;
}

void UringWatches::on_ended(const UringCompletion& ended) {
  const auto fd = static_cast<int>(ended.key & UINT32_MAX);
  const auto found = watches_.find(fd);
  if (found == watches_.end() || found->second.key != ended.key) {
    return;
  }
  if (ended.result < 0) {
    watches_.erase(found);  // closed before anybody looked
    return;
  }
  const auto what = static_cast<uint32_t>(ended.result);
  const auto ready = found->second.ready;
  const bool is_broken = (what & (POLLERR | POLLHUP)) != 0;
  (*ready)(is_broken || (what & POLLIN) != 0, is_broken || (what & POLLOUT) != 0);
  if (const auto still = watches_.find(fd);
      still != watches_.end() && still->second.key == ended.key) {
    look(fd, still->second);
  }
}

}  // namespace tocsin
