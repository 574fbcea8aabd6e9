// Writer: the one that writes the store. With a thread of its own submit() only queues; without one
// it writes at once on the caller, which makes the simulator and the commands of the CLI
// deterministic. What to do when the disk does not want is Keeper's business.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "ports/clock.h"
#include "ports/mailbox.h"
#include "store/commit_queue.h"
#include "store/keeper.h"
#include "store/store.h"

namespace tocsin {

class Writer {
 public:
  Writer(std::unique_ptr<Keeper> keeper, const Clock& clock, Mailbox& mailbox);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();  // close()

  // From now on a thread writes; before, submit() does. busy when the system has no thread for us.
  Result<void> start_thread();

  // Thread-safe when a thread writes. After close() the answer is `unavailable`.
  void submit(WriteBatch batch, std::function<void(Result<void>)> on_durable);
  [[nodiscard]] StoreHealth health() const;  // thread-safe
  void close();

 private:
  void run();
  // Writes, answers in order, then does one piece of the keeper's other work.
  void process(std::vector<QueuedBatch> queued);
  void answer(std::function<void(Result<void>)> on_durable, Result<void> result);

  const Clock& clock_;
  Mailbox& mailbox_;
  std::unique_ptr<Keeper> keeper_;  // belongs to the thread while it runs

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  CommitQueue queue_;
  StoreHealth health_;
  bool closing_ = false;

  std::thread thread_;
};

}  // namespace tocsin
