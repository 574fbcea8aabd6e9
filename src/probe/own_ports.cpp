#include "probe/own_ports.h"

#include <netinet/in.h>
#include <sys/random.h>

#include <cerrno>
#include <fstream>

namespace tocsin {
namespace {

constexpr int kLocalPortRange = 51;  // IP_LOCAL_PORT_RANGE, which older headers do not have
constexpr uint32_t kFew = 1024;
constexpr uint32_t kManyTimes = 8;

std::optional<PortRange> read_range() {
  PortRange range;
  std::ifstream file("/proc/sys/net/ipv4/ip_local_port_range");
  file >> range.first >> range.last;
  return file && range.first <= range.last ? std::optional(range) : std::nullopt;
}

bool may_have_reserved_ports() {
  std::ifstream file("/proc/sys/net/ipv4/ip_local_reserved_ports");
  uint32_t port = 0;
  return !file || file >> port;
}

uint32_t any_number() {
  uint32_t number = 0;
  const bool is_known = ::getrandom(&number, sizeof number, GRND_NONBLOCK) == sizeof number;
  return is_known ? number : 0;
}

}  // namespace

OwnPorts OwnPorts::read() {
  const std::optional<PortRange> all = read_range();
  if (!all || may_have_reserved_ports()) {
    return {.all = all.value_or(PortRange())};
  }
  return {.all = *all, .quiet = few_ports(*all, any_number())};
}

void OwnPorts::learn(int error) {
  if (error == EADDRNOTAVAIL) {
    quiet.reset();
  }
}

std::optional<PortRange> few_ports(const PortRange& all, uint32_t seed) {
  if (all.size() < kManyTimes * kFew) {
    return std::nullopt;
  }
  const uint32_t first = all.first + seed % (all.size() - kFew + 1);
  return PortRange{.first = static_cast<uint16_t>(first),
                   .last = static_cast<uint16_t>(first + kFew - 1)};
}

void set_port_range(int fd, const std::optional<PortRange>& ports) {
  const uint32_t range = ports ? uint32_t{ports->last} << 16 | ports->first : 0;
  ::setsockopt(fd, IPPROTO_IP, kLocalPortRange, &range, sizeof range);
}

}  // namespace tocsin
