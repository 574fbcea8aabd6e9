#include "base/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace tocsin {
namespace {

constexpr size_t kUnixPathOffset = offsetof(sockaddr_un, sun_path);
constexpr size_t kUnixPathMax = sizeof(sockaddr_un::sun_path) - 1;  // 107 bytes and the final zero

bool is_link_local(const std::array<uint8_t, 16>& bytes) {
  return bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80;
}

// 1-4294967295; 0 means "no interface" and is not written.
std::optional<uint32_t> parse_scope(std::string_view text) {
  uint32_t scope = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, scope);
  if (parsed.ec != std::errc() || parsed.ptr != end || scope == 0) {
    return std::nullopt;
  }
  return scope;
}

socklen_t unix_to_sockaddr(const std::string& path, sockaddr_storage& storage) {
  if (path.size() > kUnixPathMax) {
    return 0;
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  size_t length = kUnixPathOffset + path.size();
  if (path.front() == '@') {
    address.sun_path[0] = '\0';  // abstract: the length ends the name, not a zero (unix(7))
  } else {
    ++length;
  }
  std::memcpy(&storage, &address, sizeof(address));
  return static_cast<socklen_t>(length);
}

std::string unix_path_of(const sockaddr_storage& storage, size_t length) {
  sockaddr_un address{};
  std::memcpy(&address, &storage, sizeof(address));
  const size_t size = std::min(length, sizeof(address)) - kUnixPathOffset;
  if (size == 0) {
    return "@";  // unnamed: the usual peer of an accepted connection
  }
  if (address.sun_path[0] == '\0') {
    return "@" + std::string(address.sun_path + 1, size - 1);
  }
  return std::string(address.sun_path, strnlen(address.sun_path, size));
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const size_t percent = text.find('%');
  const std::string_view literal = text.substr(0, percent);
  if (literal.size() >= INET6_ADDRSTRLEN || literal.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string zero_ended(literal);
  IpAddress address;
  if (literal.find(':') == std::string_view::npos) {
    if (percent != std::string_view::npos ||
        inet_pton(AF_INET, zero_ended.c_str(), address.bytes.data()) != 1) {
      return std::nullopt;
    }
    return address;
  }
  address.family = Family::v6;
  if (inet_pton(AF_INET6, zero_ended.c_str(), address.bytes.data()) != 1) {
    return std::nullopt;
  }
  if (percent != std::string_view::npos) {
    const std::optional<uint32_t> scope = parse_scope(text.substr(percent + 1));
    if (!scope || !is_link_local(address.bytes)) {
      return std::nullopt;
    }
    address.scope = *scope;
  }
  return address;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  inet_ntop(family == Family::v4 ? AF_INET : AF_INET6, bytes.data(), buffer.data(), buffer.size());
  std::string literal = buffer.data();
  if (family == Family::v6 && scope != 0) {
    literal += fmt::format("%{}", scope);
  }
  return literal;
}

std::string SocketAddress::text() const {
  if (is_unix()) {
    return "unix:" + unix_path;
  }
  return ip.family == Family::v4 ? fmt::format("{}:{}", ip.text(), port)
                                 : fmt::format("[{}]:{}", ip.text(), port);
}

socklen_t SocketAddress::to_sockaddr(sockaddr_storage& storage) const {
  storage = {};
  if (is_unix()) {
    return unix_to_sockaddr(unix_path, storage);
  }
  if (ip.family == Family::v4) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    std::memcpy(&address.sin_addr, ip.bytes.data(), sizeof(address.sin_addr));
    std::memcpy(&storage, &address, sizeof(address));
    return sizeof(address);
  }
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  std::memcpy(&address.sin6_addr, ip.bytes.data(), sizeof(address.sin6_addr));
  address.sin6_scope_id = ip.scope;
  std::memcpy(&storage, &address, sizeof(address));
  return sizeof(address);
}

SocketAddress SocketAddress::from_sockaddr(const sockaddr_storage& storage, socklen_t length) {
  SocketAddress result;
  if (length < sizeof(sa_family_t)) {
    return result;
  }
  if (storage.ss_family == AF_UNIX) {
    result.unix_path = unix_path_of(storage, length);
  } else if (storage.ss_family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in address{};
    std::memcpy(&address, &storage, sizeof(address));
    std::memcpy(result.ip.bytes.data(), &address.sin_addr, sizeof(address.sin_addr));
    result.port = ntohs(address.sin_port);
  } else if (storage.ss_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    sockaddr_in6 address{};
    std::memcpy(&address, &storage, sizeof(address));
    result.ip.family = Family::v6;
    std::memcpy(result.ip.bytes.data(), &address.sin6_addr, sizeof(address.sin6_addr));
    result.ip.scope = address.sin6_scope_id;
    result.port = ntohs(address.sin6_port);
  }
  return result;
}

}  // namespace tocsin
