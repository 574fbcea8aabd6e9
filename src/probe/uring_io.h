// ProbeIo on io_uring: what a turn of the loop asks for goes to the kernel with one call, in
// wait(). Cheaper than epoll where the kernel allows it. Slots are bounded as with epoll.
#pragma once

#include <memory>

#include "base/result.h"
#include "ports/clock.h"
#include "ports/probe_io.h"
#include "probe/own_ports.h"

namespace tocsin {

// Of a slot that is in use.
inline constexpr size_t kUringSlotBytes = 64;

// The thread that waits first is the one that uses it from then on. Raises the soft descriptor
// limit to the hard one first. An error says why this machine has none, in words that follow
// "io_uring cannot be used: ".
Result<std::unique_ptr<ProbeIo>> make_uring_io(const Clock& clock, size_t slots_wanted,
                                               size_t reserved = 256,
                                               const OwnPorts& own_ports = OwnPorts::read());

}  // namespace tocsin
