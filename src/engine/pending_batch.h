// PendingBatch: what the loop wants kept, gathered over a few turns: a transition goes out at the
// end of its turn, plain results within kFlushDelay or kFlushRows. Handing over is cheap; the
// writer gathers on.
#pragma once

#include <functional>
#include <vector>

#include "base/time.h"
#include "ports/feed.h"
#include "store/store.h"

namespace tocsin {

class PendingBatch {
 public:
  // Well within kWriteDelay, when results count as kept.
  static constexpr Duration kFlushDelay = 100ms;
  static constexpr size_t kFlushRows = 256;  // bounds the memory one closure carries

  // Told of what leaves, from now on; outlives the batch.
  void set_feed(Feed* feed) { feed_ = feed; }

  // To fill; call touched() afterwards.
  [[nodiscard]] WriteBatch& rows() { return batch_; }
  void touched(SteadyTime now, bool urgent);
  // Runs once the batch that is being filled is durable, or with the error when it is not kept.
  void when_durable(std::function<void(const Result<void>&)> work) {
    waiting_.push_back(std::move(work));
  }

  [[nodiscard]] SteadyTime next_deadline() const { return flush_at_; }
  // Submits when due, urgent or full.
  void flush_if_due(Store& store, SteadyTime now);
  void flush(Store& store);

 private:
  Feed* feed_ = nullptr;
  WriteBatch batch_;
  std::vector<std::function<void(const Result<void>&)>> waiting_;
  SteadyTime flush_at_ = kNever;
};

}  // namespace tocsin
