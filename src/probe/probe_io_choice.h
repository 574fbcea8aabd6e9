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
  std::string why_not;                   // io_uring was wanted and cannot be used: why; else empty
};

// io_uring when it is wanted, epoll where the kernel does not allow it; automatic is epoll (ADR 14:
// a whole check was not measured to cost less on the other). As make_epoll_io otherwise.
Result<ChosenIo> make_probe_io(const Clock& clock, size_t slots_wanted, size_t reserved,
                               IoBackend wanted);

}  // namespace tocsin
