#include "model/source_address.h"

namespace tocsin {

std::optional<IpAddress> parse_source(std::string_view text) {
  const std::optional<IpAddress> ip = IpAddress::parse(text);
  constexpr IpAddress kNone4{}, kNone6{.family = Family::v6};
  if (!ip || *ip == kNone4 || *ip == kNone6) {
    return std::nullopt;
  }
  const uint8_t first = ip->bytes.front();
  const bool is_many = ip->family == Family::v4 ? (first >= 224 && first < 240) : first == 0xff;
  if (is_many || ip->text() == "255.255.255.255") {
    return std::nullopt;
  }
  return ip;
}

}  // namespace tocsin
