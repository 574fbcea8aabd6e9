// ConnectionCount: how many connections are open, in all and from one client, so that one client
// cannot take all places. An IPv6 client is a /64 network: it owns every address in it. Loopback
// has a limit of its own: a reverse proxy on this machine stands for all its readers, each with a
// live feed open.
#pragma once

#include <cstddef>
#include <map>

#include "base/address.h"

namespace tocsin {

// Whom a limit counts: the address, or the /64 of an IPv6 one. A mapped IPv4 address stays itself.
IpAddress client_network(IpAddress ip);
// 127.0.0.0/8, also mapped, and ::1.
bool is_loopback(const IpAddress& ip);

class ConnectionCount {
 public:
  struct Limits {
    size_t all = 0, per_client = 0, from_loopback = 0;
  };
  explicit ConnectionCount(Limits limits) : limits_(limits) {}

  // False: no place; nothing is counted then.
  [[nodiscard]] bool enter(const IpAddress& client);
  void leave(const IpAddress& client);
  [[nodiscard]] size_t all() const { return all_; }

 private:
  Limits limits_;
  size_t all_ = 0;
  std::map<IpAddress, size_t> clients_;
};

}  // namespace tocsin
