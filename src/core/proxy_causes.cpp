#include "core/proxy_causes.h"

#include "core/evaluate.h"

namespace tocsin {
namespace {

using Causes = std::vector<std::string>;

bool is_http(const Monitor& monitor) { return monitor.proxy->kind == ProxyKind::http; }

Causes of_broken_proxy(const ProbeError& error, const Monitor& monitor) {
  const std::string_view detail = error.detail;
  if (detail.starts_with(kProxySilent)) {
    return {"The proxy hangs: its kernel takes connections, the program does not answer.",
            is_http(monitor) ? "The service is silent, and the proxy waits for it without a word."
                             : "The proxy is overloaded.",
            is_http(monitor) ? "It is no HTTP proxy: a SOCKS proxy waits for other words."
                             : "It is no SOCKS5 proxy: an HTTP proxy waits for other words."};
  }
  if (detail.ends_with(kBeforeItsAnswer)) {
    return {is_http(monitor) ? "It is no HTTP proxy: a SOCKS proxy hangs up on other words."
                             : "It is no SOCKS5 proxy: an HTTP proxy hangs up on other words.",
            "The proxy does not let this location in.",
            "The proxy was restarted, or is at its limit of connections."};
  }
  if (detail.starts_with(kNoProxyOfItsKind)) {
    return {"This port is that of another kind of proxy, or of no proxy at all."};
  }
  return {std::string(error_info(error.code).hint)};
}

// What the proxy says of the target.
Causes of_its_word(const ProbeError& error) {
  switch (error.code) {
    case ErrorCode::tcp_refused:
      return {"The service is not running, or is just starting.",
              "The service listens on another port, or on 127.0.0.1 only.",
              "A firewall between the proxy and the service answers in its place."};
    case ErrorCode::timeout:
      return {"A firewall between the proxy and the service drops the packets.",
              "The host of the service is off.", "The proxy has lost its own network."};
    case ErrorCode::host_not_found:
      return {"The name is misspelt, or does not exist where the proxy looks it up.",
              "The resolver of the proxy is in trouble."};
    default:
      break;
  }
  // A gateway's bare word does not say how its connection failed.
  const bool is_bare =
      error.detail.ends_with("HTTP status 502)") || error.detail.ends_with("HTTP status 500)");
  return {is_bare ? "The service is not running: this proxy says the same of a port that refuses."
                  : "A firewall between the proxy and the host forbids the way.",
          "The host of the service is off, or not connected to its network.",
          "The proxy has lost its own network or its resolver."};
}

}  // namespace

bool is_of_tunnel(const ProbeError& error, const Monitor& monitor, const ProbeResult& result) {
  if (!monitor.proxy) {
    return false;
  }
  return error.code == ErrorCode::proxy_failed ||
         (error.phase == Phase::connect && result.proxy && result.proxy->address &&
          error_info(error.code).side == ErrorSide::network);
}

std::vector<std::string> causes_of_tunnel(const ProbeError& error, const Monitor& monitor) {
  if (error.code == ErrorCode::proxy_failed) {
    return of_broken_proxy(error, monitor);
  }
  if (error.detail.starts_with(kProxyRefused)) {
    return of_its_word(error);
  }
  return {
      "The proxy gets no answer: the host of the service is off, or a firewall between the two "
      "drops the packets.",
      "The proxy hangs with such requests, or has lost its own network.",
      "The proxy waits longer for the service than the timeout of the monitor."};
}

}  // namespace tocsin
