#include "engine/loop_mailbox.h"

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

size_t LoopMailbox::drain() {
  std::vector<std::function<void()>> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(posted_);
  }
  for (const std::function<void()>& item : work) {
    item();
  }
  return work.size();
}

bool LoopMailbox::empty() const {
  const std::lock_guard lock(mutex_);
  return posted_.empty();
}

void LoopMailbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  posted_.clear();
}

}  // namespace tocsin
