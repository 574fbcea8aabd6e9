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

bool LoopMailbox::offer(LoopRequest request) {
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

void LoopMailbox::run_posts() {
  std::vector<std::function<void()>> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(posted_);
  }
  for (const std::function<void()>& item : work) {
    item();
  }
}

void LoopMailbox::serve_request() {
  LoopRequest request;
  {
    const std::lock_guard lock(mutex_);
    if (offered_.empty()) {
      return;
    }
    request = std::move(offered_.front());
    offered_.pop_front();
  }
  if (!request()) {
    return;
  }
  // It was let in once; the bound is for those who come.
  const std::lock_guard lock(mutex_);
  if (!closed_) {
    offered_.push_back(std::move(request));
  }
}

bool LoopMailbox::has_posts() const {
  const std::lock_guard lock(mutex_);
  return !posted_.empty();
}

bool LoopMailbox::has_requests() const {
  const std::lock_guard lock(mutex_);
  return !offered_.empty();
}

void LoopMailbox::close() {
  // Dropped after the lock: what a request holds may answer its client.
  std::vector<std::function<void()>> posted;
  std::deque<LoopRequest> offered;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  posted.swap(posted_);
  offered.swap(offered_);
}

}  // namespace tocsin
