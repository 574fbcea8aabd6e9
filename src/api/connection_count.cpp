#include "api/connection_count.h"

#include <algorithm>
#include <array>
#include <span>

namespace tocsin {

IpAddress unmapped(const IpAddress& ip) {
  constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (ip.family == Family::v4 || !std::ranges::equal(kMapped, std::span(ip.bytes).first<12>())) {
    return ip;
  }
  IpAddress v4;
  std::ranges::copy(std::span(ip.bytes).last<4>(), v4.bytes.begin());
  return v4;
}

IpAddress client_network(IpAddress ip) {
  ip.scope = 0;
  if (unmapped(ip).family == Family::v6) {
    std::fill(ip.bytes.begin() + 8, ip.bytes.end(), uint8_t{0});
  }
  return ip;
}

bool is_loopback(const IpAddress& ip) {
  constexpr std::array<uint8_t, 16> kOne = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  const IpAddress plain = unmapped(ip);
  return plain.family == Family::v4 ? plain.bytes[0] == 127 : plain.bytes == kOne;
}

bool ConnectionCount::is_proxy(const IpAddress& client) const {
  return is_loopback(client) || std::ranges::any_of(proxies_, [&](const Cidr& block) {
           return block.contains(unmapped(client));
         });
}

bool ConnectionCount::enter(const IpAddress& client) {
  const IpAddress key = client_network(client);
  const auto known = clients_.find(key);
  const size_t its_max = is_proxy(client) ? limits_.per_proxy : limits_.per_client;
  if (all_ >= limits_.all || (known != clients_.end() && known->second >= its_max)) {
    return false;
  }
  ++clients_[key];
  ++all_;
  return true;
}

void ConnectionCount::leave(const IpAddress& client) {
  const auto known = clients_.find(client_network(client));
  if (known == clients_.end()) {
    return;
  }
  --all_;
  if (--known->second == 0) {
    clients_.erase(known);
  }
}

}  // namespace tocsin
