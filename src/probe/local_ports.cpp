#include "probe/local_ports.h"

#include <fstream>

#include "probe/own_ports.h"

namespace tocsin {

LocalPorts read_local_ports() {
  LocalPorts ports{.count = OwnPorts::read().all.size()};
  int reuse = 0;
  std::ifstream file("/proc/sys/net/ipv4/tcp_tw_reuse");
  if (file >> reuse && reuse == 1) {
    ports.rest = 1s;
  }
  return ports;
}

}  // namespace tocsin
