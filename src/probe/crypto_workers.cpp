#include "probe/crypto_workers.h"

#include <pthread.h>

#include <utility>

namespace tocsin {

CryptoWorkers::CryptoWorkers(size_t threads, std::function<void()> on_done)
    : on_done_(std::move(on_done)) {
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { work(); });
    pthread_setname_np(threads_.back().native_handle(), "tls");
  }
}

CryptoWorkers::~CryptoWorkers() {
  {
    const std::scoped_lock lock(mutex_);
    is_over_ = true;
  }
  has_job_.notify_all();
}

void CryptoWorkers::submit(CryptoJob job) {
  {
    const std::scoped_lock lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  has_job_.notify_one();
}

void CryptoWorkers::take(std::vector<CryptoDone>& done) {
  done.clear();
  const std::scoped_lock lock(mutex_);
  done.swap(done_);
}

void CryptoWorkers::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    has_job_.wait(lock, [this] { return is_over_ || !jobs_.empty(); });
    if (is_over_) {
      return;
    }
    CryptoJob job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    CryptoDone done{job.slot, job.serial, job.at, job.session->feed(job.bytes)};
    job.session.reset();  // perhaps the last: freeing it is work too
    lock.lock();
    const bool is_first = done_.empty();
    done_.push_back(std::move(done));
    if (is_first) {
      lock.unlock();
      on_done_();
      lock.lock();
    }
  }
}

}  // namespace tocsin
