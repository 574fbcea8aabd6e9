#include "api/connection_count.h"

#include <algorithm>

namespace tocsin {

IpAddress client_network(IpAddress ip) {
  ip.scope = 0;
  constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (ip.family == Family::v6 && !std::equal(kMapped.begin(), kMapped.end(), ip.bytes.begin())) {
    std::fill(ip.bytes.begin() + 8, ip.bytes.end(), uint8_t{0});
  }
  return ip;
}

bool is_loopback(const IpAddress& ip) {
  constexpr std::array<uint8_t, 16> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127};
  constexpr std::array<uint8_t, 16> kOne = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  if (ip.family == Family::v4) {
    return ip.bytes[0] == 127;
  }
  return ip.bytes == kOne || std::equal(kMapped.begin(), kMapped.begin() + 13, ip.bytes.begin());
}

bool ConnectionCount::enter(const IpAddress& client) {
  const IpAddress key = client_network(client);
  const auto known = clients_.find(key);
  const size_t its_max = is_loopback(client) ? limits_.from_loopback : limits_.per_client;
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
