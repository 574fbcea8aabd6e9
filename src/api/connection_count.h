// ConnectionCount: how many connections are open, in all and from one client, so that one client
// cannot take all places. An IPv6 client is a /64 network: it owns every address in it. Loopback
// and trusted proxies have a limit of their own: a reverse proxy stands for all its readers, each
// with a live feed open.
#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "base/address.h"
#include "ports/reach.h"

namespace tocsin {

// Whom a limit counts: the address, or the /64 of an IPv6 one. A mapped IPv4 address stays itself.
IpAddress client_network(IpAddress ip);
// 127.0.0.0/8, also mapped, and ::1.
bool is_loopback(const IpAddress& ip);
// 1.2.3.4 of ::ffff:1.2.3.4, as a listener of both families sees it; any other as it is.
IpAddress unmapped(const IpAddress& ip);

class ConnectionCount {
 public:
  struct Limits {
    size_t all = 0, per_client = 0, per_proxy = 0;
  };
  explicit ConnectionCount(Limits limits, std::vector<Cidr> proxies = {})
      : limits_(limits), proxies_(std::move(proxies)) {}

  // False: no place; nothing is counted then.
  [[nodiscard]] bool enter(const IpAddress& client);
  void leave(const IpAddress& client);
  [[nodiscard]] size_t all() const { return all_; }

 private:
  [[nodiscard]] bool is_proxy(const IpAddress& client) const;

  Limits limits_;
  std::vector<Cidr> proxies_;  // beside loopback
  size_t all_ = 0;
  std::map<IpAddress, size_t> clients_;
};

}  // namespace tocsin
