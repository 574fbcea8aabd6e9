#include "core/causes.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/evaluate.h"
#include "core/proxy_causes.h"
#include "core/starttls_causes.h"

namespace tocsin {
namespace {

using Causes = std::vector<std::string>;

constexpr uint16_t kSmtpPort = 25;

// What services say first that do not begin with TLS.
bool looks_like_plain_greeting(std::string_view received) {
  return received.starts_with("220") || received.starts_with("SSH-") ||
         received.starts_with("+OK") || received.starts_with("* OK");
}

std::string_view whose_resolver(const Monitor& monitor) {
  return monitor.resolver.empty() ? "of this location" : "that this monitor names";
}

bool waits_for_words(const Monitor& monitor) {
  return !monitor.request.empty() && is_expect(monitor.request.front());
}

Causes of_refusal(const ProbeError& error, const Monitor& monitor) {
  if (error.detail == kConnectedToItself) {
    return {
        "The service is not running; its port lies in the range that outgoing connections use."};
  }
  if (error.detail.ends_with(kNoSuchPath)) {
    return {"The service is not running: it makes its socket when it starts.",
            "The service listens on another path."};
  }
  if (error.detail.ends_with(kNoSocket)) {
    return {"The path is that of a file or a directory: the service listens on another path."};
  }
  if (monitor.target.is_unix()) {
    return {"The service is not running and has left its socket behind.",
            "The service listens on another path."};
  }
  return {"The service is not running, or is just starting.",
          "The service listens on another port, or on 127.0.0.1 only.",
          "A firewall answers in its place with a reset.",
          "Its queue of new connections is full and it refuses more."};
}

// A port of the same host that nobody uses was tried, and the host itself answered.
bool is_host_alive(const Evidence& evidence) {
  if (!evidence.closed_port) {
    return false;
  }
  const Knock& knock = *evidence.closed_port;
  return knock.answer == KnockAnswer::refused || knock.answer == KnockAnswer::open ||
         (knock.answer == KnockAnswer::icmp && knock.icmp && knock.icmp->from == knock.to.ip);
}

bool has_opened_since(const Evidence& evidence) {
  const auto& second = evidence.second_try;
  return (second && (second->verdict == Verdict::passed || second->verdict == Verdict::degraded)) ||
         (evidence.walk && evidence.walk->reached && evidence.walk->answer == KnockAnswer::open);
}

Causes of_looking_into(const Evidence& evidence) {
  Causes causes;
  if (has_opened_since(evidence)) {
    causes.emplace_back("A short trouble: packets were lost, or the host was busy for a moment.");
  }
  if (is_host_alive(evidence)) {
    causes.emplace_back("A firewall drops what goes to this port; the host itself answers.");
    causes.emplace_back(
        "The service hangs: its queue of new connections is full, and the host drops more.");
  } else if (std::ranges::any_of(evidence.others, [](const Knock& knock) {
               return knock.answer == KnockAnswer::open;
             })) {
    causes.emplace_back("The host at this address is off; another address of the name opens.");
  }
  return causes;
}

Causes of_silence(const Monitor& monitor, const ProbeResult& result, const Evidence* evidence) {
  Causes causes = evidence == nullptr ? Causes() : of_looking_into(*evidence);
  if (evidence != nullptr && is_host_alive(*evidence)) {
    return causes;
  }
  if (result.stale_dns) {
    causes.emplace_back(
        "The address came from an old answer, as the resolver was silent: the host may have "
        "moved.");
  }
  if (monitor.target.port() == kSmtpPort) {
    causes.emplace_back("This location cannot send to port 25; many networks block it.");
  }
  causes.emplace_back(result.syn_retransmits > 0
                          ? "A firewall drops the packets: nothing answered, though asked again."
                          : "A firewall drops the packets.");
  causes.emplace_back("The host is off, or has another address now.");
  causes.emplace_back("The way there, or the way back, is broken.");
  return causes;
}

Causes of_no_data(const Monitor& monitor, const ProbeResult& result) {
  if (looks_like_tls(result.received)) {
    return {"This port speaks TLS, and the monitor speaks plain text."};
  }
  if (result.bytes_received > 0) {
    return {"The service answers otherwise than the monitor expects.",
            "The service stopped half-way: overloaded, or waiting for something behind it.",
            "The timeout is shorter than the service needs."};
  }
  Causes causes;
  if (waits_for_words(monitor)) {
    causes.emplace_back("The service does not speak first; it waits for words of the client.");
  }
  causes.emplace_back("The service hangs: its kernel accepts connections, the program does not.");
  causes.emplace_back("The service waits for other words, or for TLS.");
  causes.emplace_back("A proxy accepts connections for a service that is not there.");
  return causes;
}

Causes of_timeout(const ProbeError& error, const Monitor& monitor, const ProbeResult& result,
                  const Evidence* evidence) {
  switch (error.phase) {
    case Phase::dns:
      return {fmt::format("The resolver {} is slow or cannot reach the name servers.",
                          whose_resolver(monitor)),
              "The name servers of this domain do not answer."};
    case Phase::connect:
      return of_silence(monitor, result, evidence);
    case Phase::tls:
      return {"The port does not speak TLS; the service waits for plain words.",
              "Large packets are lost on the way (path MTU).",
              "The service is overloaded: handshakes cost it most."};
    case Phase::data:
      break;
  }
  return of_no_data(monitor, result);
}

Causes of_cut(const ProbeError& error, const ProbeResult& result) {
  if (error.phase == Phase::tls) {
    return {"The port does not speak TLS, or wants a client certificate.",
            "A firewall or proxy cuts TLS connections."};
  }
  if (looks_like_tls(result.received)) {
    return {"This port speaks TLS, and the monitor speaks plain text."};
  }
  if (result.bytes_received == 0) {
    return {"The service or a proxy refuses clients of this address.",
            "A proxy is up, and the service behind it is down.",
            "The service is at its limit of connections."};
  }
  if (result.bytes_sent == 0) {
    return {"The service is at its limit of connections.",
            "The service refuses clients of this address.",
            "The service crashed or was restarted."};
  }
  return {"The service did not like what was sent.", "The service crashed or was restarted.",
          "A proxy between ended the connection."};
}

Causes of_plain_words(std::string_view first_bytes) {
  if (looks_like_plain_greeting(first_bytes)) {
    return {"The service speaks plain text first: use STARTTLS instead of direct TLS."};
  }
  if (first_bytes.starts_with("HTTP/")) {
    return {"The service speaks plain HTTP on this port."};
  }
  return {"The service speaks plain text, or another protocol, on this port."};
}

std::string_view wants_certificate(const TlsOptions& tls) {
  return tls.certificate_file.empty()
             ? "The service wants a client certificate, and the monitor has none to show."
             : "The service does not accept the client certificate of the monitor.";
}

// What the peer can mean with its alert (RFC 8446 6.2).
Causes of_alert(std::string_view alert, const TlsOptions& tls) {
  constexpr std::string_view kAboutCertificate[] = {
      "certificate required", "bad certificate", "certificate expired", "certificate revoked",
      "certificate unknown",  "unknown ca",      "access denied",       "unsupported certificate",
      "decrypt error",        "no certificate"};
  for (const std::string_view words : kAboutCertificate) {
    if (alert.starts_with(words)) {
      return {std::string(wants_certificate(tls))};
    }
  }
  if (alert.starts_with("unrecognized name")) {
    return {"The service does not know the name that it is asked for: see server_name."};
  }
  if (alert.starts_with("no application protocol")) {
    return {"The service speaks none of the protocols of alpn."};
  }
  Causes causes;
  if (alert.ends_with(kAskedForCertificate)) {
    causes.emplace_back(wants_certificate(tls));
  }
  causes.emplace_back("The two sides share no TLS version or cipher.");
  causes.emplace_back("The service does not know the name that it is asked for.");
  if (causes.size() < 3) {
    causes.emplace_back("The service wants a client certificate.");
  }
  return causes;
}

Causes of_handshake(const ProbeError& error, const Monitor& monitor, const ProbeResult& result) {
  const std::string_view detail = error.detail;
  if (detail.starts_with(kNotTls)) {
    return of_plain_words(detail.substr(kNotTls.size()));
  }
  if (detail.starts_with(kTlsAlert)) {
    return of_alert(detail.substr(kTlsAlert.size()), monitor.tls);
  }
  if (detail.ends_with(kAskedForCertificate)) {
    return {std::string(wants_certificate(monitor.tls))};
  }
  if (looks_like_plain_greeting(result.received)) {
    return of_plain_words(result.received);
  }
  return {"The port does not speak TLS from the first byte (STARTTLS, or plain text).",
          "The two sides share no TLS version or cipher.",
          "The service wants a client certificate."};
}

Causes of_own_lack(const ProbeError& error) {
  if (error.detail.starts_with(kUnusableFile)) {
    return {"The file is not there, or the user whom Tocsin runs as may not read it.",
            "It is no PEM file, or the key does not belong to the certificate."};
  }
  if (!error.detail.starts_with(kNoSource)) {
    return {std::string(error_info(error.code).hint)};
  }
  return {"The address has moved to another machine, or its lease ran out.",
          "The interface that has it is down.",
          "`source`, of the monitor or of the server, names an address of another machine."};
}

// The slowest phase is where the time went.
Causes of_slowness(const ProbeResult& result) {
  struct Part {
    std::optional<Duration> took;
    std::string_view cause;
  };
  const Part parts[] = {
      {result.phases.dns, "Most of the time went into resolving the name."},
      {result.phases.connect, "Most of the time went into the connection: a far or busy network."},
      {result.phases.tls, "Most of the time went into the TLS handshake: a busy service."},
      {result.phases.data, "Most of the time went into the answer: a busy service."},
  };
  const Part* slowest = nullptr;
  for (const Part& part : parts) {
    if (part.took && (slowest == nullptr || *part.took > *slowest->took)) {
      slowest = &part;
    }
  }
  Causes causes;
  if (result.syn_retransmits > 0) {
    causes.emplace_back("The first packet was lost and sent again, which costs a second or more.");
  }
  if (slowest != nullptr) {
    causes.emplace_back(slowest->cause);
  }
  causes.emplace_back("The limit is tighter than the service is on a normal day.");
  return causes;
}

Causes of_route(const ProbeError& error) {
  if (error.code == ErrorCode::admin_prohibited) {
    return {"A firewall on the way forbids this address or port."};
  }
  if (error.detail.starts_with(kNoNeighbour)) {
    return {"The host is off or not connected to its network.",
            "The router towards it is off, or the cable to it is cut."};
  }
  if (error.code == ErrorCode::host_unreachable) {
    return {"The host is off or not connected to its network.",
            "The address belongs to no host any more."};
  }
  return {"A router on the way has lost its route there.", "The address belongs to no network."};
}

// Our own routes: what is known of them is which address they lack.
Causes of_own_network(const ProbeError& error) {
  if (error.detail.starts_with(kSilentRouter)) {
    return {"The router is off, or this machine is not connected to it any more.",
            "The route of this machine names a router that does not exist."};
  }
  if (!error.detail.starts_with(kNoRouteTo)) {
    return {std::string(error_info(error.code).hint)};
  }
  Causes causes = {"The interface or the default route of this machine is gone."};
  if (error.detail[kNoRouteTo.size()] == '[') {
    causes.insert(causes.begin(),
                  "This machine has no IPv6: give it an address and a route, or set ip_family to "
                  "ipv4.");
  }
  causes.emplace_back(
      "The address is wrong, or in a network to which this machine was never given a route.");
  return causes;
}

Causes of_name(const ProbeError& error, const Monitor& monitor) {
  if (error.code == ErrorCode::dns_timeout) {
    return {"The name servers of this domain do not answer.",
            fmt::format("The resolver {} is slow or cannot reach them.", whose_resolver(monitor))};
  }
  if (error.code == ErrorCode::dns_failed && error.detail.find("REFUSED") != std::string::npos) {
    return {"The resolver does not serve this location: its list of clients leaves it out.",
            "The resolver does not serve this name: it answers for its own domains only."};
  }
  if (error.code == ErrorCode::dns_failed) {
    return {"The name servers of this domain are misconfigured.",
            "A DNSSEC signature is wrong or has expired."};
  }
  if (error.code == ErrorCode::no_address_of_family && error.detail.ends_with("has no address")) {
    return {
        "The name has neither an A nor an AAAA record; it may be there for mail alone, or the "
        "records were deleted."};
  }
  if (error.code == ErrorCode::no_address_of_family) {
    return {"The name has addresses of the other IP family only."};
  }
  return {"The name is misspelt.", "The record or the whole domain was deleted or has expired.",
          "The name exists inside another network only."};
}

Causes of_resolver(const Monitor& monitor) {
  if (monitor.resolver.empty()) {
    return {std::string(error_info(ErrorCode::resolver_down).hint)};
  }
  return {
      "The resolver that this monitor names (`resolver`) is off, or does not let this location "
      "ask.",
      "`resolver` names another machine, or another port, than the one that answers."};
}

}  // namespace

std::vector<std::string> likely_causes(const ProbeError& error, const Monitor& monitor,
                                       const ProbeResult& result, const Evidence* evidence) {
  using enum ErrorCode;
  if (is_of_tunnel(error, monitor, result)) {
    return causes_of_tunnel(error, monitor);
  }
  if (is_of_starttls(error, monitor)) {
    return causes_of_starttls(error, monitor, result);
  }
  switch (error.code) {
    case host_not_found:
    case no_address_of_family:
    case dns_timeout:
    case dns_failed:
      return of_name(error, monitor);
    case tcp_refused:
      return of_refusal(error, monitor);
    case timeout:
      return of_timeout(error, monitor, result, evidence);
    case network_unreachable:
    case host_unreachable:
    case admin_prohibited:
      return of_route(error);
    case local_resource:
      return of_own_lack(error);
    case self_offline:
      return of_own_network(error);
    case conn_reset:
    case closed_early:
      return of_cut(error, result);
    case tls_handshake:
      return of_handshake(error, monitor, result);
    case tls_revoked:
      return {"Its private key was lost or stolen, or another certificate has taken its place.",
              "The service was not restarted after the certificate was renewed."};
    case too_slow:
      return of_slowness(result);
    case resolver_down:
      return of_resolver(monitor);
    default:
      // One cause each, and the table has it.
      return {std::string(error_info(error.code).hint)};
  }
}

}  // namespace tocsin
