#include "probe/foreign_watches.h"

#include <sys/epoll.h>

#include <cerrno>
#include <utility>

namespace tocsin {

void ForeignWatches::watch(int fd, bool read, bool write, std::function<void(bool, bool)> ready) {
  const auto found = watches_.find(fd);
  if (!read && !write) {
    if (found != watches_.end()) {
      ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
      watches_.erase(found);
    }
    return;
  }
  generation_ = (generation_ + 1) & 0x7fffffffU;  // the highest bit of a key is the mark
  epoll_event event{};
  event.events = (read ? EPOLLIN : 0U) | (write ? EPOLLOUT : 0U);
  event.data.u64 = mark_ | (uint64_t{generation_} << 32) | static_cast<uint32_t>(fd);
  const int operation = found == watches_.end() ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  if (::epoll_ctl(epoll_, operation, fd, &event) != 0 && errno == ENOENT) {
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);  // closed without a word and opened anew
  }
  watches_[fd] = {generation_, std::make_shared<std::function<void(bool, bool)>>(std::move(ready))};
}

void ForeignWatches::on_event(uint64_t key, uint32_t what) {
  const auto found = watches_.find(static_cast<int>(key & UINT32_MAX));
  if (found == watches_.end() || found->second.generation != (key & ~mark_) >> 32) {
    return;
  }
  const auto ready = found->second.ready;
  const bool is_broken = (what & (EPOLLERR | EPOLLHUP)) != 0;
  (*ready)(is_broken || (what & EPOLLIN) != 0, is_broken || (what & EPOLLOUT) != 0);
}

}  // namespace tocsin
