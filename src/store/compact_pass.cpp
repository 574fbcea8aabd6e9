#include "store/compact_pass.h"

#include <cstddef>
#include <cstring>

namespace tocsin {
namespace {

constexpr size_t kPortBytes = 2;
constexpr size_t kV4Bytes = 4;
constexpr size_t kV6Bytes = 16;

}  // namespace

std::optional<std::string> pack_address(const std::optional<SocketAddress>& address) {
  if (!address || address->is_unix()) {
    return std::nullopt;
  }
  std::string packed(address->ip.family == Family::v4 ? kV4Bytes : kV6Bytes, '\0');
  std::memcpy(packed.data(), address->ip.bytes.data(), packed.size());
  packed += static_cast<char>(address->port >> 8U);
  packed += static_cast<char>(address->port & 0xFFU);
  return packed;
}

std::optional<SocketAddress> unpack_address(std::string_view bytes) {
  if (bytes.size() != kV4Bytes + kPortBytes && bytes.size() != kV6Bytes + kPortBytes) {
    return std::nullopt;
  }
  const size_t ip_bytes = bytes.size() - kPortBytes;
  SocketAddress address;
  address.ip.family = ip_bytes == kV4Bytes ? Family::v4 : Family::v6;
  std::memcpy(address.ip.bytes.data(), bytes.data(), ip_bytes);
  const auto high = static_cast<unsigned char>(bytes[ip_bytes]);
  const auto low = static_cast<unsigned char>(bytes[ip_bytes + 1]);
  address.port = static_cast<uint16_t>((unsigned{high} << 8U) | low);
  return address;
}

std::optional<PlainPass> plain_pass_of(const StoredAttempt& stored) {
  return stored.final_attempt && !stored.keep_details ? plain_pass_of(stored.attempt)
                                                      : std::nullopt;
}

}  // namespace tocsin
