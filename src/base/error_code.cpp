#include "base/error_code.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/check.h"

namespace tocsin {
namespace {

using enum ErrorCode;
using enum ErrorSide;

constexpr std::array kPhases = {std::string_view("dns"), std::string_view("connect"),
                                std::string_view("tls"), std::string_view("data")};

// One row per code, in order.
// code, name, phase, side, Tracker's name, Checkly's name, sentence, hint
constexpr std::array kErrors = {
    ErrorInfo{host_not_found, "host_not_found", Phase::dns, network, "host_not_found", "ENOTFOUND",
              "The host name does not exist.",
              "Check the spelling and whether the domain is still registered."},
    ErrorInfo{
        no_address_of_family, "no_address_of_family", Phase::dns, network, "host_not_found",
        "ENOTFOUND", "The host name has no address of the wanted IP family.",
        "Add the missing A or AAAA record, or set ip_family (and source) to a family that the name "
        "has."},
    ErrorInfo{dns_timeout, "dns_timeout", Phase::dns, network, "host_not_found", "EAI_AGAIN",
              "The resolver did not answer in time.",
              "Check the resolver and the name servers of this domain."},
    ErrorInfo{dns_failed, "dns_failed", Phase::dns, network, "host_not_found", "EAI_AGAIN",
              "The resolver answered with a failure.",
              "After SERVFAIL ask the name servers of this domain; after REFUSED see for whom and "
              "for what the resolver answers."},
    ErrorInfo{tcp_refused, "tcp_refused", Phase::connect, network, "tcp_refused", "ECONNREFUSED",
              "Nothing is listening on this port.",
              "Check that the service runs and listens just there, and for a port that no firewall "
              "rejects the connection."},
    ErrorInfo{timeout, "timeout", Phase::connect, network, "timeout", "SOCKET_TIMEOUT",
              "No answer came within the timeout.",
              "Check host and firewall if no connection opened, else the service; a slow one may "
              "need a longer timeout."},
    ErrorInfo{
        network_unreachable, "network_unreachable", Phase::connect, network, "timeout",
        "ENETUNREACH", "A router says that it has no route to this network.",
        "Check the routes of the router named in the detail, and whether the address is still "
        "in use."},
    ErrorInfo{host_unreachable, "host_unreachable", Phase::connect, network, "timeout",
              "EHOSTUNREACH", "A router says that this host cannot be reached.",
              "Check that the host is on and connected to its network."},
    ErrorInfo{admin_prohibited, "admin_prohibited", Phase::connect, network, "timeout",
              "EHOSTUNREACH", "A firewall says that this connection is forbidden.",
              "Allow the address of this location in the firewall named in the detail."},
    ErrorInfo{conn_reset, "conn_reset", Phase::data, network, "conn_reset", "ECONNRESET",
              "The peer reset the connection before the check was complete.",
              "Look in the service's log; a proxy, a connection limit or a crash does this."},
    ErrorInfo{closed_early, "closed_early", Phase::data, network, "closed_early", "ECONNRESET",
              "The peer closed the connection before the check was complete.",
              "Look at the bytes received; the service may refuse this client or expect other "
              "words."},
    ErrorInfo{
        tls_handshake, "tls_handshake", Phase::tls, service, "tls_handshake", "tls_handshake",
        "The TLS handshake failed.",
        "See what the server said: the port may want plain text or STARTTLS, a client certificate, "
        "or another TLS version."},
    ErrorInfo{tls_untrusted, "tls_untrusted", Phase::tls, service, "tls_untrusted", "tls_untrusted",
              "The certificate is not signed by an authority we trust.",
              "Check that the server sends its intermediate certificates, or name your own "
              "authority."},
    ErrorInfo{tls_expired, "tls_expired", Phase::tls, service, "tls_expired", "tls_expired",
              "The certificate has expired.",
              "Renew it, and restart the service if it still shows the old one."},
    ErrorInfo{tls_not_yet_valid, "tls_not_yet_valid", Phase::tls, service, "tls_not_yet_valid",
              "tls_not_yet_valid", "The certificate is not valid yet.",
              "Compare its first day with the clock of this location."},
    ErrorInfo{tls_name_mismatch, "tls_name_mismatch", Phase::tls, service, "tls_name_mismatch",
              "tls_name_mismatch", "The certificate is for another name.",
              "Check the host name, or set the server name that the certificate carries."},
    ErrorInfo{tls_version, "tls_version", Phase::tls, service, "tls_version", "tls_version",
              "The server does not speak a TLS version that we accept.",
              "Enable TLS 1.2 or 1.3 on the server, or lower the accepted version."},
    ErrorInfo{starttls_refused, "starttls_refused", Phase::tls, service, "starttls_refused",
              "starttls_refused", "The server refused STARTTLS.",
              "Check that STARTTLS is enabled there and that the protocol is the right one."},
    ErrorInfo{expect_mismatch, "expect_mismatch", Phase::data, service, "expect_mismatch", "",
              "The answer is not what was expected.",
              "Compare the bytes received with the expected pattern."},
    ErrorInfo{assertion_failed, "assertion_failed", Phase::data, service, "assertion_failed", "",
              "An assertion does not hold.",
              "Compare the actual value with the target of the assertion."},
    ErrorInfo{too_slow, "too_slow", Phase::data, service, "too_slow", "",
              "The service answered, but slower than allowed.",
              "See which phase took the time; raise fail_after if this is normal."},
    ErrorInfo{unexpected_open, "unexpected_open", Phase::connect, service, "unexpected_open", "",
              "The port is open but should be closed.",
              "Stop what listens there or close the port in the firewall."},
    ErrorInfo{
        local_resource, "local_resource", Phase::connect, ours, "", "",
        "This location could not make the connection.",
        "See what the detail names: correct that file, address or rule, raise that limit, or run "
        "fewer checks at once here."},
    ErrorInfo{self_offline, "self_offline", Phase::connect, ours, "", "",
              "This location has no network.",
              "Check its link, its default route and its gateway; for an IPv6 address, whether it "
              "has IPv6 at all."},
    ErrorInfo{resolver_down, "resolver_down", Phase::dns, ours, "", "",
              "The resolver of this location gives no usable answer.",
              "Check the resolver, or configure a second one."},
    ErrorInfo{agent_lost, "agent_lost", Phase::connect, ours, "", "",
              "The agent of this location sends no results.",
              "Check that the agent runs and can reach this server."},
    ErrorInfo{overloaded, "overloaded", Phase::connect, ours, "", "",
              "This location was too busy to run the check on time.",
              "Give it more processor time, or run fewer checks here."},
    ErrorInfo{reach_denied, "reach_denied", Phase::connect, ours, "", "",
              "This location may not connect to this address.",
              "Check the target; loopback and private addresses can be allowed in the reach "
              "settings, the reserved ones never."},
    ErrorInfo{proxy_failed, "proxy_failed", Phase::connect, ours, "", "",
              "The proxy did not let the check through, so nothing is known of the target.",
              "Check that the proxy runs and lets this location connect there; the detail has its "
              "own words."},
    ErrorInfo{tls_revoked, "tls_revoked", Phase::tls, service, "tls_revoked", "tls_revoked",
              "The issuer of the certificate has revoked it.",
              "Have a new one issued with a new key, install it and restart the service; ask the "
              "issuer why."},
};

constexpr bool is_complete_and_in_order() {
  for (size_t i = 0; i < kErrors.size(); ++i) {
    if (static_cast<size_t>(kErrors[i].code) != i + 1) {
      return false;
    }
  }
  return kErrors.size() == static_cast<size_t>(tls_revoked);
}
static_assert(is_complete_and_in_order(), "one row per code, in order, up to the last code");

}  // namespace

std::string_view phase_name(Phase phase) {
  const auto index = static_cast<size_t>(phase);
  CHECK(index < kPhases.size(), "a phase is one of the four");
  return kPhases[index];
}

std::optional<Phase> phase_from_name(std::string_view name) {
  const auto* const found = std::ranges::find(kPhases, name);
  if (found == kPhases.end()) {
    return std::nullopt;
  }
  return static_cast<Phase>(found - kPhases.begin());
}

std::span<const ErrorInfo> error_table() { return kErrors; }

const ErrorInfo& error_info(ErrorCode code) {
  const size_t number = static_cast<size_t>(code);
  CHECK(number >= 1 && number <= kErrors.size(), "an error code has a row in the table");
  return kErrors[number - 1];
}

std::string_view error_name(ErrorCode code) { return error_info(code).name; }

std::optional<ErrorCode> error_from_name(std::string_view name) {
  const auto* const found = std::ranges::find(kErrors, name, &ErrorInfo::name);
  if (found == kErrors.end()) {
    return std::nullopt;
  }
  return found->code;
}

std::optional<ErrorCode> error_from_number(int64_t number) {
  if (number < 1 || number > static_cast<int64_t>(kErrors.size())) {
    return std::nullopt;
  }
  return static_cast<ErrorCode>(number);
}

}  // namespace tocsin
