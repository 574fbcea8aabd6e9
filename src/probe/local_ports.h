// LocalPorts: how many connections to one address and port this machine can make before it must
// wait for its own ports to come back.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace tocsin {

struct LocalPorts {
  uint32_t count = 28'232;  // net.ipv4.ip_local_port_range; Linux' own default
  // How long one rests after we closed: TIME_WAIT is 60 s, and 1 s where the kernel takes it again
  // (net.ipv4.tcp_tw_reuse = 1).
  Duration rest = 60s;
};

// As this machine is set up.
LocalPorts read_local_ports();

}  // namespace tocsin
