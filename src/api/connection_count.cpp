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

bool ConnectionCount::enter(const IpAddress& client) {
  const IpAddress key = client_network(client);
  const auto known = clients_.find(key);
  if (all_ >= all_max_ || (known != clients_.end() && known->second >= per_client_max_)) {
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
