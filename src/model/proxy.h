// Proxy: through whom a probe reaches its target, as `socks5://user:password@host:port` (RFC 1928,
// 1929) or `http://...` (CONNECT, RFC 9110 9.3.6). The proxy looks the target's name up, which is
// what others call socks5h; that word is understood too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/secret.h"
#include "model/target.h"

namespace tocsin {

// Do not change these values: they are on disk.
enum class ProxyKind : uint8_t { socks5 = 1, http = 2 };
std::string_view proxy_kind_name(ProxyKind kind);  // "socks5", "http"
std::optional<ProxyKind> proxy_kind_from_name(std::string_view name);

// Bytes of a name or a password; RFC 1929 2 gives each one byte of length.
inline constexpr size_t kProxyWordMax = 255;

// In the place of a password wherever a proxy is shown.
inline constexpr std::string_view kHiddenPassword = "***";

struct Proxy {
  ProxyKind kind = ProxyKind::socks5;
  Target at;  // host and port, never unix
  std::string user;
  Secret password;
  bool operator==(const Proxy&) const = default;
};

// Escapes of a URL (%40 for @) are undone in name and password. The message of an error shows the
// right form and never the text itself, which holds a password.
Result<Proxy> parse_proxy(std::string_view text);
// The URL with kHiddenPassword for the password: parse_proxy reads it back but for that.
std::string proxy_text(const Proxy& proxy);
// It was read from a text that had been shown: the password itself is not in it.
bool has_hidden_password(const Proxy& proxy);
// Equal but for the password: a kept one would go to the same place.
bool is_same_place(const Proxy& a, const Proxy& b);

}  // namespace tocsin
