#include "store/commit_queue.h"

#include <algorithm>
#include <utility>

namespace tocsin {

void CommitQueue::push(WriteBatch batch, std::function<void(Result<void>)> on_durable,
                       SteadyTime now) {
  size_t dropped = 0;
  if (rows_ + batch.rows() > rows_max_) {
    dropped = batch.results();
    batch.drop_results();
  }
  rows_ += batch.rows();
  weight_ += batch.weight();
  results_dropped_ += dropped;
  SteadyTime due = now + (batch.urgent ? kWriteGather : kWriteDelay);
  // What stands before an urgent batch is written with it, so the due times of the queue never grow
  // towards its front.
  for (auto before = waiting_.rbegin(); before != waiting_.rend() && before->due > due; ++before) {
    before->due = due;
  }
  waiting_.push_back({std::move(batch), std::move(on_durable), dropped, due});
}

SteadyTime CommitQueue::due() const {
  if (waiting_.empty()) {
    return kNever;
  }
  return weight_ >= kWriteBatchRows ? SteadyTime::min() : waiting_.front().due;
}

std::vector<QueuedBatch> CommitQueue::take() {
  std::vector<QueuedBatch> taken;
  size_t weight = 0;
  while (!waiting_.empty()) {
    const WriteBatch& next = waiting_.front().batch;
    if (!taken.empty() && weight + next.weight() > kTransactionRowsMax) {
      break;
    }
    weight += next.weight();
    rows_ -= next.rows();
    taken.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  weight_ -= weight;
  return taken;
}

}  // namespace tocsin
