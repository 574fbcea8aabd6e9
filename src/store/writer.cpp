#include "store/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace tocsin {
namespace {

constexpr Duration kWaitMax = 1h;  // keeps sums of times far from overflow

}  // namespace

Writer::Writer(std::unique_ptr<Keeper> keeper, const Clock& clock, Mailbox& mailbox)
    : clock_(clock), mailbox_(mailbox), keeper_(std::move(keeper)), health_(keeper_->health()) {}

Writer::~Writer() { close(); }

Result<void> Writer::start_thread() {
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    return fail(ErrorKind::busy,
                fmt::format("the store's writer thread cannot start: {}", error.what()));
  }
  return {};
}

void Writer::submit(WriteBatch batch, std::function<void(Result<void>)> on_durable) {
  std::unique_lock lock(mutex_);
  if (closing_) {
    lock.unlock();
    answer(std::move(on_durable), fail(ErrorKind::unavailable, "the store is closed"));
    return;
  }
  queue_.push(std::move(batch), std::move(on_durable), clock_.steady_now());
  if (thread_.joinable()) {
    wake_.notify_one();
    return;
  }
  std::vector<QueuedBatch> queued = queue_.take();
  lock.unlock();
  process(std::move(queued));
}

StoreHealth Writer::health() const {
  const std::lock_guard lock(mutex_);
  StoreHealth health = health_;
  health.rows_waiting = queue_.rows();
  health.results_dropped += queue_.results_dropped();
  return health;
}

void Writer::run() {
  std::unique_lock lock(mutex_);
  while (!closing_ || !queue_.empty()) {
    const SteadyTime now = clock_.steady_now();
    const SteadyTime wake = std::min(queue_.due(), keeper_->next_tend());
    if (!closing_ && now < wake) {
      wake_.wait_for(lock, std::min(wake - now, kWaitMax));
      continue;
    }
    std::vector<QueuedBatch> queued;
    if (closing_ || queue_.due() <= now) {
      queued = queue_.take();
    }
    lock.unlock();
    process(std::move(queued));
    lock.lock();
  }
}

void Writer::process(std::vector<QueuedBatch> queued) {
  if (!queued.empty()) {
    std::vector<WriteBatch> batches;
    batches.reserve(queued.size());
    for (QueuedBatch& one : queued) {
      batches.push_back(std::move(one.batch));
    }
    const std::vector<Result<void>> results = keeper_->write(std::move(batches));
    {
      const std::lock_guard lock(mutex_);
      health_ = keeper_->health();
    }
    for (size_t index = 0; index < queued.size(); ++index) {
      const size_t dropped = queued[index].results_dropped;
      answer(std::move(queued[index].on_durable),
             results[index] && dropped > 0
                 ? fail(ErrorKind::busy,
                        fmt::format("{} results were dropped because the disk is too slow; "
                                    "everything else is stored",
                                    dropped))
                 : results[index]);
    }
  }
  keeper_->tend();
  const std::lock_guard lock(mutex_);
  health_ = keeper_->health();
}

void Writer::answer(std::function<void(Result<void>)> on_durable, Result<void> result) {
  if (on_durable) {
    mailbox_.post(
        [on_durable = std::move(on_durable), result = std::move(result)] { on_durable(result); });
  }
}

void Writer::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
  keeper_->close();
}

}  // namespace tocsin
