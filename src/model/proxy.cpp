#include "model/proxy.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "base/bytes.h"

namespace tocsin {
namespace {

struct Scheme {
  std::string_view prefix;
  ProxyKind kind;
};
constexpr std::array kSchemes = {Scheme{"socks5://", ProxyKind::socks5},
                                 Scheme{"socks5h://", ProxyKind::socks5},
                                 Scheme{"http://", ProxyKind::http}};

constexpr std::string_view kForm =
    "write socks5://HOST:PORT or http://HOST:PORT, with USER:PASSWORD@ before the host where the "
    "proxy asks for them";

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? std::optional(lower - 'a' + 10) : std::nullopt;
}

// RFC 3986 2.1; nothing when a % stands alone.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string bytes;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      bytes += text[at];
      continue;
    }
    const auto high = at + 1 < text.size() ? hex_digit(text[at + 1]) : std::nullopt;
    const auto low = at + 2 < text.size() ? hex_digit(text[at + 2]) : std::nullopt;
    if (!high || !low) {
      return std::nullopt;
    }
    bytes += static_cast<char>(*high * 16 + *low);
    at += 2;
  }
  return bytes;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").contains(c);
}

std::string percent_encoded(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text += is_unreserved(c) ? std::string(1, c)
                             : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

// "USER:PASSWORD" or "USER".
Result<void> read_user_info(std::string_view text, Proxy& proxy) {
  const size_t colon = text.find(':');
  const bool has_password = colon != std::string_view::npos;
  const auto user = percent_decoded(text.substr(0, colon));
  const auto password = percent_decoded(has_password ? text.substr(colon + 1) : "");
  if (!user || !password) {
    return fail(ErrorKind::invalid_input,
                "a % in the name or the password of a proxy is written %25");
  }
  if (user->empty() || user->size() > kProxyWordMax || password->size() > kProxyWordMax) {
    return fail(ErrorKind::invalid_input,
                fmt::format("the name of a proxy's user has 1 to {0} bytes, its password at most "
                            "{0}",
                            kProxyWordMax));
  }
  if (proxy.kind == ProxyKind::http && user->contains(':')) {
    return fail(ErrorKind::invalid_input,
                "Basic authentication allows no colon in a user's name (RFC 7617 2)");
  }
  proxy.user = *user;
  proxy.password = Secret(*password);
  return {};
}

}  // namespace

std::string_view proxy_kind_name(ProxyKind kind) {
  return kind == ProxyKind::socks5 ? "socks5" : "http";
}
std::optional<ProxyKind> proxy_kind_from_name(std::string_view name) {
  return name == "socks5" ? std::optional(ProxyKind::socks5)
         : name == "http" ? std::optional(ProxyKind::http)
                          : std::nullopt;
}

Result<Proxy> parse_proxy(std::string_view text) {
  Proxy proxy;
  const Scheme* scheme = nullptr;
  for (const Scheme& each : kSchemes) {
    if (text.starts_with(each.prefix)) {
      scheme = &each;
    }
  }
  if (text.starts_with("https://")) {
    return fail(ErrorKind::invalid_input,
                fmt::format("a proxy that is itself spoken to in TLS (https://) cannot be used; {}",
                            kForm));
  }
  if (scheme == nullptr) {
    return fail(ErrorKind::invalid_input, fmt::format("this is not a proxy; {}", kForm));
  }
  proxy.kind = scheme->kind;
  text.remove_prefix(scheme->prefix.size());
  text.remove_suffix(text.ends_with('/') ? 1 : 0);
  // The last one: a password may hold an @ that nobody has escaped.
  if (const size_t at = text.rfind('@'); at != std::string_view::npos) {
    if (const Result<void> read = read_user_info(text.substr(0, at), proxy); !read) {
      return std::unexpected(read.error());
    }
    text.remove_prefix(at + 1);
  }
  Result<Target> place = Target::parse(text);
  if (!place || place->is_unix()) {
    // Its own message would repeat what may be half a password.
    return fail(ErrorKind::invalid_input,
                fmt::format("the host and port of this proxy cannot be read; {}", kForm));
  }
  proxy.at = std::move(*place);
  return proxy;
}

std::string proxy_text(const Proxy& proxy) {
  std::string user = percent_encoded(proxy.user);
  if (!proxy.password.empty()) {
    user += fmt::format(":{}", kHiddenPassword);
  }
  return fmt::format("{}://{}{}{}", proxy_kind_name(proxy.kind), user, user.empty() ? "" : "@",
                     proxy.at.text());
}

bool has_hidden_password(const Proxy& proxy) { return proxy.password.reveal() == kHiddenPassword; }

bool is_same_place(const Proxy& a, const Proxy& b) {
  return a.kind == b.kind && a.at == b.at && a.user == b.user;
}

}  // namespace tocsin
