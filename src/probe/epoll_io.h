// ProbeIo on epoll (edge-triggered). Slots are bounded by RLIMIT_NOFILE, of which `reserved`
// descriptors are left to store, API and notices.
#pragma once

#include <memory>

#include "base/result.h"
#include "ports/clock.h"
#include "ports/probe_io.h"
#include "probe/own_ports.h"

namespace tocsin {

// Of a slot that is in use.
inline constexpr size_t kEpollSlotBytes = 80;

// Raises the soft descriptor limit to the hard one first.
Result<std::unique_ptr<ProbeIo>> make_epoll_io(const Clock& clock, size_t slots_wanted,
                                               size_t reserved = 256,
                                               const OwnPorts& own_ports = OwnPorts::read());

}  // namespace tocsin
