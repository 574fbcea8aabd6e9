#include "probe/local_ports.h"

#include <fstream>

#include "probe/probe_socket.h"

namespace tocsin {

LocalPorts read_local_ports() {
  const PortRange range = own_ports();
  LocalPorts ports{.count = static_cast<uint32_t>(range.last - range.first + 1)};
  int reuse = 0;
  std::ifstream file("/proc/sys/net/ipv4/tcp_tw_reuse");
  if (file >> reuse && reuse == 1) {
    ports.rest = 1s;
  }
  return ports;
}

}  // namespace tocsin
