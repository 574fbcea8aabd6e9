// OwnPorts: the ports of this machine that our connections leave from.
#pragma once

#include <cstdint>
#include <optional>

namespace tocsin {

struct PortRange {
  uint16_t first = 1, last = 65535;
  [[nodiscard]] bool contains(uint16_t port) const { return port >= first && port <= last; }
  [[nodiscard]] uint32_t size() const { return last - first + 1U; }
};

struct OwnPorts {
  // From these the system takes one for a connection that names none (ip_local_port_range; all
  // when it does not say). Only a port of these can meet itself.
  PortRange all;
  // Quiet connections keep to a few of them: as a rule they leave nothing behind on their port, and
  // what the kernel knows of few ports stays in the processor's cache (ADR 24). Nothing: any port.
  std::optional<PortRange> quiet;

  // As this machine is set up; which few is left to chance. None when it does not say which ports
  // it has, or keeps some for others (ip_local_reserved_ports).
  static OwnPorts read();
  // Whether a quiet connection to that port leaves from the few: not where it could meet itself,
  // which with few ports it soon would.
  [[nodiscard]] bool are_few_for(uint16_t port) const { return quiet && !quiet->contains(port); }
  // How a connect from one of the few has ended: when none was left for it, they are given up.
  void learn(int error);
};

// 1,024 of them, which ones says `seed`; none where there are not eight times as many.
std::optional<PortRange> few_ports(const PortRange& all, uint32_t seed);

// The next connects of this socket leave from these ports; nothing: from any. Kernels before 6.3
// do not know of it (IP_LOCAL_PORT_RANGE, ip(7)), and then it is any.
void set_port_range(int fd, const std::optional<PortRange>& ports);

}  // namespace tocsin
