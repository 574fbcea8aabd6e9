// CommitQueue: batches on their way to the writer, and when they have to be written. A plain value
// without a thread: time is an argument.
//
// A plain batch waits at most kWriteDelay, an urgent one kWriteGather, for company in one
// transaction; kWriteBatchRows rows wait no more. Example: a plain batch at 0 ms is due at 1,000
// ms; an urgent one at 500 ms makes both due at 520 ms, because order is kept.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "base/limits.h"
#include "base/time.h"
#include "store/store.h"

namespace tocsin {

// Bounds the time of one transaction under load.
inline constexpr size_t kTransactionRowsMax = 10 * kWriteBatchRows;

struct QueuedBatch {
  WriteBatch batch;
  std::function<void(Result<void>)> on_durable;  // may be empty
  size_t results_dropped = 0;                    // on the way in
  SteadyTime due{};
};

class CommitQueue {
 public:
  explicit CommitQueue(size_t rows_max = kWriteQueueRowsMax) : rows_max_(rows_max) {}

  // When more than `rows_max` rows would wait, the results of this batch are dropped and
  // counted; nothing else ever is.
  void push(WriteBatch batch, std::function<void(Result<void>)> on_durable, SteadyTime now);
  // When take() is to be called; kNever when nothing waits.
  [[nodiscard]] SteadyTime due() const;
  // The oldest, in order, until they make a transaction of kTransactionRowsMax rows (a single one
  // may be larger).
  std::vector<QueuedBatch> take();

  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  [[nodiscard]] size_t rows() const { return rows_; }
  [[nodiscard]] uint64_t results_dropped() const { return results_dropped_; }

 private:
  size_t rows_max_;
  std::deque<QueuedBatch> waiting_;
  size_t rows_ = 0, weight_ = 0;
  uint64_t results_dropped_ = 0;
};

}  // namespace tocsin
