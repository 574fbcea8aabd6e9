#include "core/starttls_causes.h"

#include <fmt/format.h>

#include "core/evaluate.h"

namespace tocsin {
namespace {

using Causes = std::vector<std::string>;

constexpr char kAlertRecord = 0x15;
constexpr char kTlsMajor = 0x03;
constexpr std::string_view kTurnsUsAway =
    "The service is at its limit of connections, or refuses clients of this address.";
constexpr std::string_view kTlsAtOnce =
    "The port speaks TLS from the first byte: use direct TLS instead of STARTTLS.";

struct Greeting {
  std::string_view begins;
  std::string_view speaker;
  std::string_view protocols;  // of STARTTLS that begin so
};
constexpr Greeting kGreetings[] = {{"220", "SMTP or FTP", "smtp ftp"},
                                   {"* ", "IMAP", "imap"},
                                   {"+OK", "POP3", "pop3"},
                                   {"-ERR", "POP3", "pop3"},
                                   {"SSH-", "SSH", ""},
                                   {"HTTP/", "HTTP", ""},
                                   {"RFB ", "VNC", ""},
                                   {"<?xml", "XMPP", "xmpp"}};

// Who greets so, when it is not the protocol that was asked for; else empty.
std::string_view other_speaker(std::string_view received, std::string_view protocol) {
  if (received.starts_with("220") && protocol == "smtp" && received.contains("FTP")) {
    return "FTP";
  }
  if (received.starts_with("220") && protocol == "ftp" && received.contains("SMTP")) {
    return "SMTP";
  }
  for (const Greeting& each : kGreetings) {
    if (received.starts_with(each.begins)) {
      return each.protocols.contains(protocol) ? std::string_view() : each.speaker;
    }
  }
  return {};
}

Causes of_talk(const ProbeError& error, const Monitor& monitor, const ProbeResult& result) {
  const std::string_view protocol = starttls_protocol(monitor);
  if (looks_like_tls(result.received)) {
    return {std::string(kTlsAtOnce)};
  }
  if (const auto speaker = other_speaker(result.received, protocol);
      !speaker.empty() && !protocol.empty()) {
    return {
        fmt::format("Another protocol speaks here: so greets {}, and the monitor asks in the "
                    "words of {}.",
                    speaker, protocol)};
  }
  if (error.code == ErrorCode::starttls_refused) {
    return {std::string(error_info(error.code).hint)};
  }
  if (error.detail.starts_with(kTurnedAway)) {
    return {std::string(kTurnsUsAway)};
  }
  const bool is_cut = error.code != ErrorCode::timeout;
  if (result.bytes_received == 0) {
    return {std::string(kTlsAtOnce), "Another protocol speaks here, which waits for other words.",
            is_cut ? "The service or a proxy refuses clients of this address."
                   : "The service hangs: its kernel accepts connections, the program does not."};
  }
  return {is_cut ? std::string(kTurnsUsAway)
                 : "The service stopped half-way: overloaded, or waiting for something behind it.",
          "Another protocol speaks here.", "The service does not know STARTTLS."};
}

// TLS was agreed on, so that it is neither plain text nor another protocol.
Causes of_agreed_handshake(const ProbeError& error) {
  if (error.detail.starts_with(kNotTls)) {
    return {"The service agreed to STARTTLS and went on in plain text.",
            "A relay between agreed for a service that has no TLS."};
  }
  if (error.code == ErrorCode::timeout) {
    return {"The service agreed to STARTTLS, and then hung.",
            "Large packets are lost on the way (path MTU).",
            "The service is overloaded: handshakes cost it most."};
  }
  return {
      "The service agreed to STARTTLS and hung up: its certificate or key cannot be used, or "
      "it crashed.",
      "A firewall or proxy cuts TLS connections.", "The two sides share no TLS version or cipher."};
}

}  // namespace

bool looks_like_tls(std::string_view received) {
  return (received.size() >= 2 && received[0] == kAlertRecord && received[1] == kTlsMajor) ||
         received.contains("plain HTTP request was sent to HTTPS port") ||
         received.contains("HTTP request to an HTTPS server");
}

bool is_starttls_talk(const ProbeError& error) {
  return error.phase == Phase::tls &&
         (error.code == ErrorCode::starttls_refused || error.detail.starts_with(kTurnedAway) ||
          error.detail.find(kWaitingMark) != std::string::npos);
}

bool is_of_starttls(const ProbeError& error, const Monitor& monitor) {
  if (monitor.tls.mode != TlsMode::starttls || error.phase != Phase::tls) {
    return false;
  }
  switch (error.code) {
    case ErrorCode::timeout:
    case ErrorCode::conn_reset:
    case ErrorCode::closed_early:
    case ErrorCode::starttls_refused:
    case ErrorCode::expect_mismatch:
      return true;
    case ErrorCode::tls_handshake:  // with an alert, or a question who we are, more is known
      return !error.detail.starts_with(kTlsAlert) && !error.detail.ends_with(kAskedForCertificate);
    default:
      return false;
  }
}

std::vector<std::string> causes_of_starttls(const ProbeError& error, const Monitor& monitor,
                                            const ProbeResult& result) {
  return is_starttls_talk(error) ? of_talk(error, monitor, result) : of_agreed_handshake(error);
}

}  // namespace tocsin
