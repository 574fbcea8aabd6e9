#include "engine/loop_mailbox.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tocsin {

void LoopMailbox::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) {
      return;
    }
    posted_.push_back(std::move(work));
  }
  io_.wake();
}

bool LoopMailbox::offer(std::function<void()> request) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) {
      return true;
    }
    if (offered_.size() >= kLoopRequestsMax) {
      return false;
    }
    offered_.push_back(std::move(request));
  }
  io_.wake();
  return true;
}

size_t LoopMailbox::drain() {
  std::vector<std::function<void()>> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(posted_);
    const auto taken = offered_.begin() +
                       static_cast<std::ptrdiff_t>(std::min(offered_.size(), kLoopRequestsPerTurn));
    work.insert(work.end(), std::make_move_iterator(offered_.begin()),
                std::make_move_iterator(taken));
    offered_.erase(offered_.begin(), taken);
  }
  for (const std::function<void()>& item : work) {
    item();
  }
  return work.size();
}

bool LoopMailbox::empty() const {
  const std::lock_guard lock(mutex_);
  return posted_.empty() && offered_.empty();
}

void LoopMailbox::close() {
  // Dropped after the lock: what a request holds may answer its client.
  std::vector<std::function<void()>> posted;
  std::deque<std::function<void()>> offered;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  posted.swap(posted_);
  offered.swap(offered_);
}

}  // namespace tocsin
