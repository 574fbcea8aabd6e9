// ProxyTalk: what is said to a proxy until it is through to the target, SOCKS5 (RFC 1928, RFC 1929)
// or HTTP CONNECT (RFC 9110 9.3.6, Basic RFC 7617). No socket: bytes in, bytes out. What the proxy
// says is bounded, and means the same however it was cut.
//
// The target is named, not looked up: the proxy does that. Who is to blame for a refusal is told
// by the code of the error: what the proxy says of the target is the target's (tcp_refused,
// timeout, host_unreachable, network_unreachable, host_not_found), all else is proxy_failed and
// proves nothing about it (docs/adr/0017-proxies.md).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error_code.h"
#include "base/limits.h"
#include "model/proxy.h"

namespace tocsin {

// Of the head of an HTTP answer, interim ones included; proxies send far less.
inline constexpr size_t kProxyHeadMax = 16_KiB;

class ProxyTalk {
 public:
  struct Step {
    std::string send;
    bool is_through = false;          // the next byte is the target's
    std::optional<ProbeError> error;  // it is over; phase connect
    size_t used = 0;  // of the bytes given; with is_through the rest is the target's
  };

  static std::unique_ptr<ProxyTalk> make(const Proxy& proxy, const Target& target);
  virtual ~ProxyTalk() = default;

  [[nodiscard]] virtual std::string start() = 0;
  // Not after the end.
  virtual Step on_bytes(std::string_view bytes) = 0;
  // The proxy has proven that it works: from now on silence is the target's.
  [[nodiscard]] virtual bool is_about_target() const = 0;
  // What a working proxy answers for itself, whatever is behind it, on a connection of its own;
  // empty: it has to greet before it is asked for the target.
  [[nodiscard]] virtual std::string question_to_itself() const { return {}; }
};

}  // namespace tocsin
