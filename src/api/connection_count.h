// ConnectionCount: how many connections are open, in all and from one client, so that one client
// cannot take all places. An IPv6 client is a /64 network: it owns every address in it.
#pragma once

#include <cstddef>
#include <map>

#include "base/address.h"

namespace tocsin {

// Whom a limit counts: the address, or the /64 of an IPv6 one. A mapped IPv4 address stays itself.
IpAddress client_network(IpAddress ip);

class ConnectionCount {
 public:
  ConnectionCount(size_t all_max, size_t per_client_max)
      : all_max_(all_max), per_client_max_(per_client_max) {}

  // False: no place; nothing is counted then.
  [[nodiscard]] bool enter(const IpAddress& client);
  void leave(const IpAddress& client);
  [[nodiscard]] size_t all() const { return all_; }

 private:
  size_t all_max_, per_client_max_;
  size_t all_ = 0;
  std::map<IpAddress, size_t> clients_;
};

}  // namespace tocsin
