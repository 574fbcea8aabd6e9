// An IP address with a port, as a value. Mapped IPv6 (::ffff:a.b.c.d) is kept as written; reach
// (ports/reach.h) looks through it.
#pragma once

#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

enum class Family : uint8_t { v4, v6 };

struct IpAddress {
  Family family = Family::v4;
  std::array<uint8_t, 16> bytes{};  // v4 uses the first four
  uint32_t scope = 0;               // interface of a link-local v6 address
  auto operator<=>(const IpAddress&) const = default;

  // Reads a literal without brackets, "127.0.0.1", "::1", "fe80::1%2"; nothing when it is not one.
  // A scope is the number of the interface (its name would need the system) and only for fe80::/10.
  static std::optional<IpAddress> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
};

struct SocketAddress {
  IpAddress ip;
  uint16_t port = 0;
  std::string unix_path;  // not empty: a unix socket, ip and port unused; "@name" is abstract, "@"
                          // an unnamed peer
  auto operator<=>(const SocketAddress&) const = default;

  [[nodiscard]] bool is_unix() const { return !unix_path.empty(); }
  [[nodiscard]] std::string text() const;  // "127.0.0.1:80", "[::1]:80", "unix:/run/x.sock"
  // Fills `storage`; the length of the address in it, 0 when the unix path is too long for one (107
  // bytes).
  socklen_t to_sockaddr(sockaddr_storage& storage) const;
  // Family not known or too short: 0.0.0.0:0.
  static SocketAddress from_sockaddr(const sockaddr_storage& storage, socklen_t length);
};

}  // namespace tocsin
