// LoopMailbox: the one place where other threads meet the loop: two lists under a lock, and a wake
// of the wait. The lock is held for a push or a swap only.
//
// What is posted answers what the loop itself has under way (a commit, a notice, a reload): it is
// never lost and bounded by that. What is offered are wishes of clients, who may be many: at most
// kLoopRequestsMax wait, and a turn takes kLoopRequestsPerTurn of them, so that no crowd of clients
// makes probes late.
#pragma once

#include <deque>
#include <mutex>
#include <vector>

#include "base/limits.h"
#include "ports/mailbox.h"
#include "ports/probe_io.h"

namespace tocsin {

class LoopMailbox final : public Mailbox {
 public:
  explicit LoopMailbox(ProbeIo& io) : io_(io) {}

  void post(std::function<void()> work) override;
  // Thread-safe, like post, in an order of its own. False: kLoopRequestsMax wait already and
  // `request` is dropped.
  [[nodiscard]] bool offer(std::function<void()> request);
  // Runs what was posted before the call, in order, then the oldest kLoopRequestsPerTurn of what
  // was offered; what all that posts waits for the next drain. Returns how many ran.
  size_t drain();
  [[nodiscard]] bool empty() const;
  // From now on posts and offers are dropped (the loop has ended).
  void close();

 private:
  ProbeIo& io_;
  mutable std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
  std::deque<std::function<void()>> offered_;
  bool closed_ = false;
};

}  // namespace tocsin
