// LoopMailbox: the one place where other threads meet the loop: a bounded list under a lock, and a
// wake of the wait. The lock is held for a push or a swap only.
#pragma once

#include <mutex>
#include <vector>

#include "ports/mailbox.h"
#include "ports/probe_io.h"

namespace tocsin {

class LoopMailbox final : public Mailbox {
 public:
  explicit LoopMailbox(ProbeIo& io) : io_(io) {}

  void post(std::function<void()> work) override;
  // Runs what was posted before the call, in order; what that posts waits for the next drain.
  // Returns how many ran.
  size_t drain();
  [[nodiscard]] bool empty() const;
  // From now on posts are dropped (the loop has ended).
  void close();

 private:
  ProbeIo& io_;
  mutable std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
  bool closed_ = false;
};

}  // namespace tocsin
