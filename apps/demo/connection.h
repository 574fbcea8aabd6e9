// One client of a demonstration service. Non-blocking, bounded: a client that says too much or
// nothing for too long is closed.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>

#include "base/time.h"
#include "base/unique_fd.h"
#include "service.h"

namespace tocsin::demo {

class Connection {
 public:
  // `context` is null for a service without TLS.
  Connection(UniqueFd fd, Behaviour behaviour, SSL_CTX* context, SteadyTime now);

  // Reads, answers, writes as far as it goes without waiting. False: it is over.
  bool go_on(SteadyTime now);
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] short wanted_events() const;
  // When go_on must be called although nothing happened.
  [[nodiscard]] SteadyTime wake_at() const;

 private:
  enum class Io : uint8_t { done, again, over };
  Io shake_hands();
  Io read_some(SteadyTime now);
  Io write_some();
  void answer_lines(SteadyTime now);

  UniqueFd fd_;
  Behaviour behaviour_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  bool in_handshake_ = false;
  bool closing_ = false;
  std::string in_, out_;
  std::optional<SteadyTime> answer_at_;  // a slow service thinks until then
  SteadyTime give_up_at_;
};

}  // namespace tocsin::demo
