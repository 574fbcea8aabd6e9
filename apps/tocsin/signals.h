// Signals as events of the loop: blocked for every thread of the process, read from a descriptor
// that the loop watches.
#pragma once

#include <functional>

#include "base/result.h"
#include "base/unique_fd.h"
#include "ports/probe_io.h"

namespace tocsin {

// Blocks SIGTERM, SIGINT, SIGHUP and ignores SIGPIPE. Before the first thread is made, so that all
// inherit it.
void block_signals();

class SignalEvents {
 public:
  // `handle(signal number)` runs on the loop.
  static Result<SignalEvents> watch(ProbeIo& io, std::function<void(int)> handle);
  ~SignalEvents();
  SignalEvents(SignalEvents&&) noexcept = default;
  SignalEvents& operator=(SignalEvents&&) noexcept = delete;

 private:
  SignalEvents(ProbeIo& io, UniqueFd fd) : io_(io), fd_(std::move(fd)) {}
  ProbeIo& io_;
  UniqueFd fd_;
};

}  // namespace tocsin
