// Bytes of the binary probes, so that nobody has to guess them:
//   dns       query for the name servers of the root, id "TC", with the two length bytes of DNS
//   over TCP (RFC 7766) postgres  SSLRequest: length 8, code 80877103; the server answers one byte,
//   S or N rabbitmq  the AMQP 0-9-1 protocol header; the server answers with method frame
//   Connection.Start mongodb   OP_MSG with {hello: 1, $db: "admin"} mssql     TDS PRELOGIN
// In patterns \C is any byte, valid UTF-8 or not.
#include "model/preset.h"

#include <algorithm>
#include <array>

namespace tocsin {
namespace {

constexpr std::string_view kQuit = R"(QUIT\r\n)";
constexpr std::string_view kLogout = R"(a1 LOGOUT\r\n)";
constexpr std::string_view kGet = R"(GET / HTTP/1.0\r\nUser-Agent: Tocsin\r\n\r\n)";
constexpr std::string_view kHttpAnswer = R"(^HTTP/1\.[01] [1-5][0-9][0-9])";
constexpr std::string_view kMailAnswer = "^220";
constexpr std::string_view kImapAnswer = R"(^\* (OK|PREAUTH))";
constexpr std::string_view kPopAnswer = R"(^\+OK)";

constexpr std::string_view kDnsQuery =
    R"(\x00\x11TC\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01)";
constexpr std::string_view kMongoHello =
    R"(\x34\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\xDD\x07\x00\x00\x00\x00\x00\x00\x00)"
    R"(\x1F\x00\x00\x00\x10hello\x00\x01\x00\x00\x00\x02$db\x00\x06\x00\x00\x00admin\x00\x00)";
constexpr std::string_view kTdsPrelogin =
    R"(\x12\x01\x00\x2F\x00\x00\x00\x00)"
    R"(\x00\x00\x1A\x00\x06\x01\x00\x20\x00\x01\x02\x00\x21\x00\x01\x03\x00\x22\x00\x04\x04\x00\x26\x00\x01\xFF)"
    R"(\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00)";

// id, name, port, more, tls, send, expect, goodbye, help
constexpr std::array kPresets = {
    Preset{"ftp", "FTP", 21, false, false, "", kMailAnswer, kQuit, "Waits for the greeting 220."},
    Preset{"ssh", "SSH", 22, false, false, "", R"((?m)^SSH-(2\.0|1\.99)-)", R"(SSH-2.0-Tocsin\r\n)",
           "Waits for the version line and answers with our own, so that the server logs a known "
           "client."},
    Preset{"smtp", "SMTP", 25, false, false, "", kMailAnswer, kQuit,
           "Waits for the greeting 220. Many networks block port 25 outwards."},
    Preset{"dns", "DNS", 53, false, false, kDnsQuery, R"(^\C\CTC)", "",
           "Asks for the name servers of the root over TCP; any answer will do."},
    Preset{"http", "HTTP", 80, false, false, kGet, kHttpAnswer, "",
           "Asks for / and waits for a status line, whatever the status."},
    Preset{"https", "HTTPS", 443, false, true, kGet, kHttpAnswer, "",
           "Asks for / over TLS and waits for a status line, whatever the status."},
    Preset{"submission", "SMTP (TLS)", 587, false, false, "", kMailAnswer, kQuit,
           "Waits for the greeting 220; TLS follows by STARTTLS."},
    Preset{"imaps", "IMAP (SSL)", 993, false, true, "", kImapAnswer, kLogout,
           "Waits for the greeting over TLS."},
    Preset{"pop3s", "POP3 (SSL)", 995, false, true, "", kPopAnswer, kQuit,
           "Waits for the greeting over TLS."},
    Preset{"mysql", "MySQL", 3306, false, false, "", R"(^\C\C\C\x00\x0a)", "",
           "Waits for the handshake packet of protocol 10. The server counts a check without login "
           "as an aborted connection."},
    Preset{"nats", "NATS", 4222, false, false, "", "^INFO ", "", "Waits for the INFO line."},
    Preset{"postgres", "PostgreSQL", 5432, false, false, R"(\x00\x00\x00\x08\x04\xD2\x16\x2F)",
           "^[SN]", "", "Asks whether the server offers TLS; S and N both prove life."},
    Preset{"rabbitmq", "RabbitMQ", 5672, false, false, R"(AMQP\x00\x00\x09\x01)",
           R"(^\x01\x00\x00)", "", "Sends the AMQP 0-9-1 header and waits for Connection.Start."},
    Preset{"redis", "Redis", 6379, false, false, R"(PING\r\n)", R"(^\+PONG)", kQuit,
           "Sends PING and waits for +PONG; a server with a password answers -NOAUTH."},
    Preset{"http-alt", "HTTP Alt", 8080, false, false, kGet, kHttpAnswer, "",
           "Asks for / and waits for a status line, whatever the status."},
    Preset{"mongodb", "MongoDB", 27017, false, false, kMongoHello, "isWritablePrimary", "",
           "Sends hello and waits for its answer; no login is needed."},
    Preset{"smtps", "SMTP (direct TLS)", 465, true, true, "", kMailAnswer, kQuit,
           "Waits for the greeting 220 over TLS."},
    Preset{"imap", "IMAP", 143, true, false, "", kImapAnswer, kLogout, "Waits for the greeting."},
    Preset{"pop3", "POP3", 110, true, false, "", kPopAnswer, kQuit, "Waits for the greeting."},
    Preset{"mssql", "Microsoft SQL Server", 1433, true, false, kTdsPrelogin, R"(^\x04\x01)", "",
           "Sends a pre-login packet and waits for its answer."},
};

}  // namespace

std::span<const Preset> presets() { return kPresets; }

const Preset* find_preset(std::string_view id) {
  const auto* const found = std::ranges::find(kPresets, id, &Preset::id);
  return found == kPresets.end() ? nullptr : found;
}

const Preset* preset_of_port(uint16_t port) {
  const auto* const found = std::ranges::find(kPresets, port, &Preset::port);
  return found == kPresets.end() ? nullptr : found;
}

}  // namespace tocsin
