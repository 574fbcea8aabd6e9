// An ICMP message about a connection of ours: who said what (RFC 792, RFC 4443).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/address.h"

namespace tocsin {

struct IcmpNotice {
  IpAddress from;  // its family says whose types and codes these are
  uint8_t type = 0;
  uint8_t code = 0;
  bool operator==(const IcmpNotice&) const = default;
};

// What it means for whoever wants to connect.
enum class IcmpMeaning : uint8_t {
  time_exceeded,        // a router on the way counted the hops to 0
  prohibited,           // somebody decided that this may not pass
  network_unreachable,  // no route
  host_unreachable,     // a route, and nobody at its end
  port_unreachable,     // the host, or a filter in its place, wants no connection here
  other,
};
IcmpMeaning meaning_of(const IcmpNotice& notice);
std::string_view icmp_meaning_name(IcmpMeaning meaning);  // "time_exceeded", ..., "other"

}  // namespace tocsin
