#include "core/starttls_causes.h"

#include <gtest/gtest.h>

#include "core/causes.h"
#include "core/evaluate.h"

namespace tocsin {
namespace {

constexpr auto kWaits = "0 bytes came while waiting for /^220/ (step 1)";

std::string first_cause(std::string_view protocol, ErrorCode code, std::string detail,
                        std::string received = "") {
  Monitor monitor;
  monitor.target = Target::parse("mail.example.com:25").value();
  monitor.tls = {.mode = TlsMode::starttls, .protocol = std::string(protocol)};
  ProbeResult result;
  result.bytes_received = received.size();
  result.received = std::move(received);
  return likely_causes({.code = code, .phase = Phase::tls, .detail = std::move(detail)}, monitor,
                       result)
      .front();
}

// What came names who speaks there.
TEST(StarttlsCauses, AnotherProtocolIsNamed) {
  EXPECT_EQ(
      first_cause("imap", ErrorCode::timeout, kWaits, "220 mail ESMTP\r\n"),
      "Another protocol speaks here: so greets SMTP or FTP, and the monitor asks in the words "
      "of imap.");
  EXPECT_EQ(first_cause("smtp", ErrorCode::closed_early, kWaits, "+OK ready\r\n"),
            "Another protocol speaks here: so greets POP3, and the monitor asks in the words of "
            "smtp.");
  EXPECT_EQ(first_cause("smtp", ErrorCode::timeout, kWaits, "220 ProFTPD FTP Server\r\n"),
            "Another protocol speaks here: so greets FTP, and the monitor asks in the words of "
            "smtp.");
  EXPECT_EQ(first_cause("smtp", ErrorCode::timeout, kWaits, "220 mail ESMTP\r\n"),
            "The service stopped half-way: overloaded, or waiting for something behind it.");
}

// Where TLS begins at once the server waits for our first byte, or hangs up on plain words.
TEST(StarttlsCauses, APortOfDirectTlsIsNamed) {
  const std::string direct =
      "The port speaks TLS from the first byte: use direct TLS instead of STARTTLS.";
  EXPECT_EQ(first_cause("smtp", ErrorCode::timeout, kWaits), direct);
  EXPECT_EQ(first_cause("postgres", ErrorCode::conn_reset, kWaits), direct);
  EXPECT_EQ(first_cause("ldap", ErrorCode::closed_early, kWaits, "\x15\x03\x01"), direct);
}

// It would have us for nothing at all.
TEST(StarttlsCauses, AServerThatTurnsUsAwayIsAtItsLimit) {
  EXPECT_EQ(
      first_cause("smtp", ErrorCode::expect_mismatch,
                  std::string(kTurnedAway) + "\"554 no service\\r\\n\"", "554 no service\r\n"),
      "The service is at its limit of connections, or refuses clients of this address.");
}

// It has agreed: neither plain text nor another protocol, nor a certificate that nobody asked for.
TEST(StarttlsCauses, AfterTheAgreementTheServiceItselfIsSuspected) {
  EXPECT_EQ(first_cause("smtp", ErrorCode::timeout, "the TLS handshake did not end within 1s"),
            "The service agreed to STARTTLS, and then hung.");
  EXPECT_TRUE(first_cause("smtp", ErrorCode::tls_handshake,
                          "the peer closed the connection during the handshake")
                  .starts_with("The service agreed to STARTTLS and hung up"));
  EXPECT_EQ(first_cause("smtp", ErrorCode::tls_handshake, std::string(kNotTls) + "500 what"),
            "The service agreed to STARTTLS and went on in plain text.");
  EXPECT_TRUE(first_cause("smtp", ErrorCode::tls_handshake, "the server said: certificate required")
                  .starts_with("The service wants a client certificate"));
}

}  // namespace
}  // namespace tocsin
