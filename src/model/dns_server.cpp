#include "model/dns_server.h"

#include "model/target.h"

namespace tocsin {

std::optional<SocketAddress> parse_dns_server(std::string_view text) {
  if (const std::optional<IpAddress> ip = IpAddress::parse(text)) {
    return SocketAddress{.ip = *ip, .port = kDnsPort};
  }
  const Result<Target> target = Target::parse(text);
  if (!target || !target->literal()) {
    return std::nullopt;
  }
  return SocketAddress{.ip = *target->literal(), .port = target->port()};
}

std::string dns_servers_text(const std::vector<SocketAddress>& servers) {
  std::string text;
  for (const SocketAddress& server : servers) {
    text += (text.empty() ? "" : ", ") + server.text();
  }
  return text;
}

}  // namespace tocsin
