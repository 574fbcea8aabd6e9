// CryptoWorkers: threads that do the arithmetic of TLS handshakes, some 0.3 ms each, so that the
// loop that times all the others does not stand still for it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "ports/probe_io.h"
#include "probe/tls_session.h"

namespace tocsin {

// Bytes of a peer in the middle of its handshake. While they are at work nobody else touches the
// session.
struct CryptoJob {
  SlotIndex slot = 0;
  uint32_t serial = 0;  // of the slot's connection: tells a later one apart
  std::shared_ptr<TlsSession> session;
  std::string bytes;
  SteadyTime at{};  // they were told
};

struct CryptoDone {
  SlotIndex slot = 0;
  uint32_t serial = 0;
  SteadyTime at{};
  TlsSession::Step step;
};

class CryptoWorkers {
 public:
  // `on_done` is called from a worker when there is something to take where there was nothing.
  CryptoWorkers(size_t threads, std::function<void()> on_done);
  ~CryptoWorkers();  // what is not begun is dropped
  CryptoWorkers(const CryptoWorkers&) = delete;
  CryptoWorkers& operator=(const CryptoWorkers&) = delete;

  void submit(CryptoJob job);
  // In the order in which they were finished; replaces the content of `done`.
  void take(std::vector<CryptoDone>& done);

 private:
  void work();

  std::function<void()> on_done_;
  std::mutex mutex_;
  std::condition_variable has_job_;
  std::deque<CryptoJob> jobs_;
  std::vector<CryptoDone> done_;
  bool is_over_ = false;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace tocsin
