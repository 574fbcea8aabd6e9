// Chooses the backend of ProbeIo at the start, and says why.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "model/io_backend.h"
#include "ports/clock.h"
#include "ports/probe_io.h"

namespace tocsin {

struct ChosenIo {
  std::unique_ptr<ProbeIo> io;
  IoBackend backend = IoBackend::epoll;  // never automatic
  std::string why_not;                   // io_uring cannot be used: why; else empty
};

// io_uring unless epoll is wanted, and epoll where the kernel does not allow it (ADR 14: a whole
// check was measured to cost less with io_uring). As make_epoll_io otherwise.
Result<ChosenIo> make_probe_io(const Clock& clock, size_t slots_wanted, size_t reserved,
                               IoBackend wanted);

}  // namespace tocsin
