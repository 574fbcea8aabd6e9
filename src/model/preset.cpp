// Bytes of the binary probes, so that nobody has to guess them:
//   dns        query for the name servers of the root, id "TC", with the two length bytes of DNS
//              over TCP (RFC 7766)
//   postgres   SSLRequest: length 8, code 80877103; the server answers one byte, S or N
//   mysql      goodbye: HandshakeResponse41 of the user "tocsin" with an empty password, and the
//              empty answer to a change of the method that may follow
//   rabbitmq   the AMQP 0-9-1 protocol header; the server answers with method frame
//              Connection.Start
//   mongodb    OP_MSG with {hello: 1, $db: "admin"}
//   mssql      TDS PRELOGIN
//   ldap       message 1, SearchRequest (RFC 4511 4.5.1): base "", scope base, (objectClass=*), no
//              attributes ("1.1"); answered by SearchResultDone (0x65). Goodbye: UnbindRequest
//              (0x42)
//   mqtt       CONNECT of MQTT 3.1.1: clean session, keep alive 60 s, empty client id; answered by
//              CONNACK (0x20). Goodbye: DISCONNECT (0xE0)
//   rdp        TPKT, X.224 Connection Request with RDP_NEG_REQ for TLS and CredSSP (MS-RDPBCGR
//              2.2.1.1); answered by Connection Confirm (0xD0)
//   cassandra  frame of protocol 4, OPTIONS (5); answered by SUPPORTED (6)
//   kafka      ApiVersions (18) version 0, correlation id "TC", client id "tocsin"
// In patterns . is any byte but a line end, with (?s) any byte at all.
#include "model/preset.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/check.h"
#include "base/result.h"

namespace tocsin {
namespace {

constexpr std::string_view kQuit = R"(QUIT\r\n)";
constexpr std::string_view kLogout = R"(a1 LOGOUT\r\n)";
constexpr std::string_view kGet = R"(GET / HTTP/1.0\r\nUser-Agent: Tocsin\r\n\r\n)";
constexpr std::string_view kHttpAnswer = R"(^HTTP/1\.[01] [1-5][0-9][0-9])";
constexpr std::string_view kMailAnswer = "^220";
constexpr std::string_view kImapAnswer = R"((?i)^\* (OK|PREAUTH))";
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
constexpr std::string_view kLdapSearch =
    R"(\x30\x2A\x02\x01\x01\x63\x25\x04\x00\x0A\x01\x00\x0A\x01\x00\x02\x01\x00\x02\x01\x00\x01\x01\x00)"
    R"(\x87\x0BobjectClass\x30\x05\x04\x031.1)";
// Whatever its result code, and however BER writes the lengths; Active Directory has four bytes
// more for every one.
constexpr std::string_view kLdapAnswer =
    R"((?s)^\x30.+\x02\x01\x01\x65(?:[\x00-\x7f]|\x81.|\x82..|\x83...|\x84....)\x0A\x01.)";
constexpr std::string_view kLdapUnbind = R"(\x30\x05\x02\x01\x02\x42\x00)";
constexpr std::string_view kMqttConnect = R"(\x10\x0C\x00\x04MQTT\x04\x02\x00\x3C\x00\x00)";
constexpr std::string_view kRdpRequest =
    R"(\x03\x00\x00\x13\x0E\xE0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00)";
constexpr std::string_view kXmppStream =
    R"(<?xml version='1.0'?><stream:stream to='{host}' xmlns='jabber:client')"
    R"( xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>)";
// In a row, because the answer of the server is not awaited.
constexpr std::string_view kMysqlLogin =
    R"(\x3E\x00\x00\x01\x00\x82\x08\x00\x00\x00\x00\x01\x21)"
    R"(\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00)"
    R"(tocsin\x00\x00mysql_native_password\x00\x00\x00\x00\x03)";
constexpr std::string_view kCassandraOptions = R"(\x04\x00\x00\x00\x05\x00\x00\x00\x00)";
constexpr std::string_view kKafkaVersions =
    R"(\x00\x00\x00\x10\x00\x12\x00\x00\x00\x00TC\x00\x06tocsin)";

// id, name, port, more, tls, starttls, send, expect, goodbye, help, repeats_in_tls
constexpr std::array kPresets = {
    Preset{"ftp", "FTP", 21, false, false, "ftp", "", kMailAnswer, kQuit,
           "Waits for the greeting 220."},
    Preset{"ssh", "SSH", 22, false, false, "", "", R"((?m)^SSH-(2\.0|1\.99)-)",
           R"(SSH-2.0-Tocsin\r\n)",
           "Waits for the version line and answers with our own, so that the server logs a known "
           "client."},
    Preset{"smtp", "SMTP", 25, false, false, "smtp", "", kMailAnswer, kQuit,
           "Waits for the greeting 220. Many networks block port 25 outwards."},
    Preset{"dns", "DNS", 53, false, false, "", kDnsQuery, R"(^\C\CTC)", "",
           "Asks for the name servers of the root over TCP; any answer will do."},
    Preset{"http", "HTTP", 80, false, false, "", kGet, kHttpAnswer, "",
           "Asks for / and waits for a status line, whatever the status."},
    Preset{"https", "HTTPS", 443, false, true, "", kGet, kHttpAnswer, "",
           "Asks for / over TLS and waits for a status line, whatever the status."},
    Preset{"submission", "SMTP (TLS)", 587, false, false, "smtp", "", kMailAnswer, kQuit,
           "Waits for the greeting 220; TLS follows by STARTTLS."},
    Preset{"imaps", "IMAP (SSL)", 993, false, true, "", "", kImapAnswer, kLogout,
           "Waits for the greeting over TLS."},
    Preset{"pop3s", "POP3 (SSL)", 995, false, true, "", "", kPopAnswer, kQuit,
           "Waits for the greeting over TLS."},
    Preset{
        "mysql", "MySQL", 3306, false, false, "mysql", "", R"(^\C\C\C\x00(\x0a|\xffj\x04))",
        kMysqlLogin,
        "Waits for the handshake packet of protocol 10, or for the refusal of a server that knows "
        "no user of this host. Then logs in as tocsin without a password, which is refused with "
        "a line in the log: a client that only leaves counts as an error of its host, and after "
        "100 of them MySQL blocks the host. close: quiet without a request is not seen at all."},
    Preset{"nats", "NATS", 4222, false, false, "", "", "^INFO ", "", "Waits for the INFO line."},
    Preset{"postgres", "PostgreSQL", 5432, false, false, "postgres",
           R"(\x00\x00\x00\x08\x04\xD2\x16\x2F)", "^[SN]", "",
           "Asks whether the server offers TLS; S and N both prove life."},
    Preset{"rabbitmq", "RabbitMQ", 5672, false, false, "", R"(AMQP\x00\x00\x09\x01)",
           R"(^\x01\x00\x00)", "",
           "Sends the AMQP 0-9-1 header and waits for Connection.Start. RabbitMQ writes a warning "
           "for each client that then leaves without a login; a connection on which nothing is "
           "said leaves none."},
    Preset{"redis", "Redis", 6379, false, false, "", R"(PING\r\n)", R"(^(\+PONG|-NOAUTH|-NOPERM))",
           kQuit,
           "Sends PING and waits for +PONG; -NOAUTH, the answer of a server with a password, and "
           "-NOPERM, of one that lets nobody ping it without a login, prove life too."},
    Preset{"http-alt", "HTTP Alt", 8080, false, false, "", kGet, kHttpAnswer, "",
           "Asks for / and waits for a status line, whatever the status."},
    Preset{"mongodb", "MongoDB", 27017, false, false, "", kMongoHello, "isWritablePrimary", "",
           "Sends hello and waits for its answer; no login is needed."},
    Preset{"smtps", "SMTP (direct TLS)", 465, true, true, "", "", kMailAnswer, kQuit,
           "Waits for the greeting 220 over TLS."},
    Preset{"imap", "IMAP", 143, true, false, "imap", "", kImapAnswer, kLogout,
           "Waits for the greeting."},
    Preset{"pop3", "POP3", 110, true, false, "pop3", "", kPopAnswer, kQuit,
           "Waits for the greeting."},
    Preset{"mssql", "Microsoft SQL Server", 1433, true, false, "", kTdsPrelogin, R"(^\x04\x01)", "",
           "Sends a pre-login packet and waits for its answer."},
    Preset{"ldap", "LDAP", 389, true, false, "ldap", kLdapSearch, kLdapAnswer, kLdapUnbind,
           "Asks for the root entry without logging in and waits for the result, whatever it is; "
           "then unbinds.",
           true},
    Preset{"ldaps", "LDAP (SSL)", 636, true, true, "", kLdapSearch, kLdapAnswer, kLdapUnbind,
           "Asks for the root entry over TLS and waits for the result, whatever it is; then "
           "unbinds."},
    Preset{"mqtt", "MQTT", 1883, true, false, "", kMqttConnect, R"((?s)^\x20\x02)", R"(\xE0\x00)",
           "Sends CONNECT with a clean session and waits for CONNACK, whatever its return code; "
           "then disconnects."},
    Preset{"rdp", "Remote Desktop", 3389, true, false, "", kRdpRequest, R"((?s)^\x03\x00...\xD0)",
           "",
           "Sends an X.224 Connection Request and waits for the Connection Confirm. xrdp writes "
           "errors in its log when a client leaves then."},
    Preset{
        "xmpp", "XMPP", 5222, true, false, "xmpp", kXmppStream, R"(<stream:(features|error))",
        "</stream:stream>",
        "Opens a stream, waits for the server's features or its reason against it, and closes the "
        "stream.",
        true},
    Preset{"cassandra", "Cassandra", 9042, true, false, "", kCassandraOptions,
           R"((?s)^\x84...\x06)", "",
           "Sends OPTIONS of protocol version 4 and waits for SUPPORTED; no login is needed."},
    Preset{"kafka", "Kafka", 9092, true, false, "", kKafkaVersions, R"((?s)^....\x00\x00TC)", "",
           "Asks for ApiVersions and waits for the answer."},
    Preset{"memcached", "Memcached", 11211, true, false, "", R"(version\r\n)",
           "^(VERSION |CLIENT_ERROR )", R"(quit\r\n)",
           "Asks for the version; a server with a password answers CLIENT_ERROR, which proves life "
           "too."},
    Preset{"zookeeper", "ZooKeeper", 2181, true, false, "", "srvr",
           "^(Zookeeper version|srvr is not executed)", "",
           "Sends srvr, which is allowed from the start where ruok is not; a server without a "
           "quorum says that it is not serving, and fails."},
};

}  // namespace

std::string probe_bytes(const Preset& preset, std::string_view host) {
  constexpr std::string_view kHost = "{host}";
  const Result<std::string> bytes = unescape(preset.send);
  CHECK(bytes.has_value(), "the escapes of presets are valid");
  const size_t at = bytes->find(kHost);
  return at == std::string::npos ? *bytes : std::string(*bytes).replace(at, kHost.size(), host);
}

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
