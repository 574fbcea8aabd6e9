// A loopback port that is held for the whole life of the program, whether anybody listens on it or
// not.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "base/unique_fd.h"

namespace tocsin::demo {

class Listener {
 public:
  // 127.0.0.1:`port`; 0 takes a free one.
  static Result<Listener> bind(uint16_t port);

  [[nodiscard]] uint16_t port() const { return port_; }
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] bool is_listening() const { return listening_; }
  // A bound socket that does not listen refuses and yet keeps its port from others. False: the port
  // is lost for now; try again later.
  bool set_listening(bool wanted);
  // A client, non-blocking; nothing when none waits.
  std::optional<UniqueFd> accept();

 private:
  Listener(UniqueFd fd, uint16_t port) : fd_(std::move(fd)), port_(port) {}
  UniqueFd fd_;
  uint16_t port_;
  bool listening_ = false;
};

}  // namespace tocsin::demo
