#include "api/client_address.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "api/connection_count.h"

namespace tocsin {
namespace {

// "198.51.100.7", "198.51.100.7:4711", "2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:4711".
std::optional<IpAddress> read_address(std::string_view text) {
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    return close == std::string_view::npos ? std::nullopt
                                           : IpAddress::parse(text.substr(1, close - 1));
  }
  const size_t colon = text.find(':');
  const bool has_port = colon != std::string_view::npos && text.rfind(':') == colon;
  return IpAddress::parse(has_port ? text.substr(0, colon) : text);
}

// All headers of the name are one list, in their order. Takes the last element off.
class ForwardedFor {
 public:
  explicit ForwardedFor(const ApiRequest& request) {
    for (const auto& [name, value] : request.headers) {
      if (name == "x-forwarded-for") {
        list_ += (list_.empty() ? "" : ",") + value;
      }
    }
    rest_ = list_;
  }

  std::optional<IpAddress> take_last() {
    const size_t comma = rest_.rfind(',');
    const bool is_first = comma == std::string_view::npos;
    std::string_view element = is_first ? rest_ : rest_.substr(comma + 1);
    rest_ = is_first ? std::string_view() : rest_.substr(0, comma);
    const size_t begin = element.find_first_not_of(" \t");
    const size_t end = element.find_last_not_of(" \t");
    return begin == std::string_view::npos ? std::nullopt
                                           : read_address(element.substr(begin, end - begin + 1));
  }

 private:
  std::string list_;
  std::string_view rest_;
};

}  // namespace

SocketAddress client_address(const ApiRequest& request, std::span<const Cidr> trusted_proxies) {
  if (trusted_proxies.empty() || request.peer.is_unix()) {
    return request.peer;
  }
  const auto is_trusted = [&](const IpAddress& ip) {
    return std::ranges::any_of(trusted_proxies,
                               [&](const Cidr& block) { return block.contains(ip); });
  };
  SocketAddress client = request.peer;
  ForwardedFor before(request);
  while (is_trusted(unmapped(client.ip))) {
    const std::optional<IpAddress> ip = before.take_last();
    if (!ip) {
      break;
    }
    client.ip = *ip;
  }
  return client;
}

}  // namespace tocsin
