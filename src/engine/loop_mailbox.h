// LoopMailbox: the one place where other threads meet the loop: two lists under a lock, and a wake
// of the wait. The lock is held for a push or a swap only.
//
// What is posted answers what the loop itself has under way (a commit, a notice, a reload): it is
// never lost and bounded by that. What is offered are wishes of clients, who may be many: at most
// kLoopRequestsMax wait, the loop serves one piece of one of them a turn, and puts that off while a
// check is about to start (Engine::turn), so that no crowd of clients makes probes late.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "base/limits.h"
#include "ports/mailbox.h"
#include "ports/probe_io.h"

namespace tocsin {

// A client's wish: does one piece of its work at each call; true: there is more.
using LoopRequest = std::function<bool()>;

class LoopMailbox final : public Mailbox {
 public:
  explicit LoopMailbox(ProbeIo& io) : io_(io) {}

  void post(std::function<void()> work) override;
  // Thread-safe, like post, in an order of its own. False: kLoopRequestsMax wait already and
  // `request` is dropped.
  [[nodiscard]] bool offer(LoopRequest request);
  // Runs what was posted before the call, in order; what that posts waits for the next time.
  void run_posts();
  // One piece of the request that waits longest; with more to do it goes behind the others.
  void serve_request();
  [[nodiscard]] bool has_posts() const;
  [[nodiscard]] bool has_requests() const;
  // From now on posts and offers are dropped (the loop has ended).
  void close();

 private:
  ProbeIo& io_;
  mutable std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
  std::deque<LoopRequest> offered_;
  bool closed_ = false;
};

}  // namespace tocsin
