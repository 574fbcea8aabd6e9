#include "engine/pending_batch.h"

#include <algorithm>
#include <utility>

#include "engine/feeding.h"

namespace tocsin {

void PendingBatch::touched(SteadyTime now, bool urgent) {
  batch_.urgent = batch_.urgent || urgent;
  flush_at_ = urgent ? now : std::min(flush_at_, now + kFlushDelay);
}

void PendingBatch::flush_if_due(Store& store, SteadyTime now) {
  if (now >= flush_at_ || batch_.weight() >= kFlushRows) {
    flush(store);
  }
}

void PendingBatch::flush(Store& store) {
  flush_at_ = kNever;
  if (batch_.empty() && waiting_.empty()) {
    return;
  }
  if (feed_ != nullptr && feed_->is_wanted()) {
    if (auto later = feed_batch(*feed_, batch_)) {
      when_durable([later = std::move(later)](const Result<void>&) { later(); });
    }
  }
  WriteBatch batch = std::exchange(batch_, {});
  if (batch.passes.size() >= kFlushRows) {  // the next is soon as full, and some more
    batch_.passes.reserve(batch.passes.size() * 5 / 4);
  }
  if (waiting_.empty()) {
    store.submit(std::move(batch), [](const Result<void>&) {});
    return;
  }
  store.submit(std::move(batch), [work = std::exchange(waiting_, {})](const Result<void>& kept) {
    // busy: results alone were dropped; what anybody waits for is kept.
    const bool is_kept = kept || kept.error().kind == ErrorKind::busy;
    for (const auto& item : work) {
      item(is_kept ? Result<void>() : kept);
    }
  });
}

}  // namespace tocsin
