#include "probe/starttls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/stream_pattern.h"

namespace tocsin {
namespace {

using namespace std::string_view_literals;

struct Exchange {
  std::string_view send;  // nothing: the server speaks first
  std::string_view
      expect;  // RE2 over bytes; to the end of the line, because what follows must be TLS
  std::string_view refuse;
};

struct Protocol {
  std::string_view name;
  std::array<Exchange, 3> exchanges;
  std::string_view goodbye;  // inside TLS, when nothing else is said there
};

// The last line of a reply; its text may be missing (RFC 5321 4.2).
constexpr std::string_view kSmtpNo = R"((?m)^[45]\d\d[ \r\n-])";
constexpr std::string_view kSmtp220 = R"((?m)^220(?: [^\n]*|\r)?\n)";
constexpr std::string_view kSmtp250 = R"((?m)^250(?: [^\n]*|\r)?\n)";
constexpr std::string_view kFtp234 = R"((?m)^234(?: [^\n]*|\r)?\n)";

// PostgreSQL: length 8, code 80877103. LDAP: ExtendedRequest 1.3.6.1.4.1.1466.20037, message 1.
// MySQL: the first 32 bytes of a login, CLIENT_PROTOCOL_41 | CLIENT_SSL | CLIENT_SECURE_CONNECTION,
// 16 MiB packets, UTF-8.
constexpr std::string_view kPostgresRequest = "\x00\x00\x00\x08\x04\xd2\x16\x2f"sv;
constexpr std::string_view kLdapRequest =
    "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
    "1.3.6.1.4.1.1466.20037"sv;
constexpr std::string_view kMysqlRequest =
    "\x20\x00\x00\x01\x00\x8a\x00\x00\x00\x00\x00\x01\x21"
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv;
constexpr std::string_view kLdapUnbind = "\x30\x05\x02\x01\x02\x42\x00"sv;
// The login of the preset mysql (model/preset.cpp), one message later and with CLIENT_SSL.
constexpr std::string_view kMysqlLogin =
    "\x3e\x00\x00\x02\x00\x8a\x08\x00\x00\x00\x00\x01\x21"
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
    "tocsin\0\0mysql_native_password\0\x00\x00\x00\x04"sv;
constexpr std::string_view kQuit = "QUIT\r\n";

// Another protocol, an error in place of the greeting (a blocked host), or a greeting of protocol
// 10 (version, connection id, 8 bytes of salt, a filler) in whose capabilities CLIENT_SSL, bit 3 of
// the second byte, is missing.
constexpr std::string_view kMysqlNo =
    R"((?s)\A(?:.[^\x00]|..[^\x00]|...[^\x00]|...\x00(?:[^\x0a]|\x0a[^\x00]*\x00.{14})"
    R"([\x00-\x07\x10-\x17\x20-\x27\x30-\x37\x40-\x47\x50-\x57\x60-\x67)"
    R"(\x70-\x77\x80-\x87\x90-\x97\xa0-\xa7\xb0-\xb7\xc0-\xc7\xd0-\xd7\xe0-\xe7\xf0-\xf7])))";

// How BER writes a length; Active Directory has the last form for every one.
constexpr std::string_view kBerLength = R"((?:[\x00-\x7f]|\x81.|\x82..|\x83...|\x84....))";

// A byte that says a length from 12 to `longest`, and as many bytes behind it, and `more`. One
// chain of any bytes, into which each length leads at its distance from the end, because RE2 does
// not count.
std::string as_long_as_said(int longest, int more) {
  constexpr int kShortest = 12;
  std::string chain = fmt::format("\\x{:02x}", longest);
  for (int length = longest - 1; length >= kShortest; --length) {
    chain = fmt::format("(?:{}.|\\x{:02x})", chain, length);
  }
  return fmt::format("{}.{{{}}}", chain, kShortest + more);
}

constexpr int kShortForm = 127, kOneByte = 255;

// The whole first packet, whose length has three bytes, and a number behind them. What follows must
// be TLS.
std::string mysql_greeting() { return R"((?s)\A)" + as_long_as_said(kOneByte, 3); }

// The whole answer to StartTLS, for the same reason.
std::string ldap_message() {
  return fmt::format(R"((?s)\A\x30(?:{}|(?:\x81|\x82\x00|\x83\x00\x00|\x84\x00\x00\x00){}))",
                     as_long_as_said(kShortForm, 0), as_long_as_said(kOneByte, 0));
}

// Anything but result code 0 in an ExtendedResponse to message 1.
std::string ldap_no() {
  return fmt::format(R"((?s)\A\x30{0}\x02\x01(?:[^\x01]|\x01(?:[^\x78]|\x78{0}\x0a\x01[^\x00])))",
                     kBerLength);
}

constexpr std::array kProtocols = {
    Protocol{
        "smtp",
        {Exchange{"", kSmtp220, kSmtpNo}, Exchange{"EHLO tocsin.invalid\r\n", kSmtp250, kSmtpNo},
         Exchange{"STARTTLS\r\n", kSmtp220, kSmtpNo}},
        kQuit},
    Protocol{"imap",
             {Exchange{"", R"((?i)^\* OK[^\n]*\n)", R"((?i)^\* (BYE|PREAUTH))"},
              Exchange{"t1 STARTTLS\r\n", R"((?mi)^t1 OK[^\n]*\n)", R"((?mi)^t1 (NO|BAD))"}},
             "t2 LOGOUT\r\n"},
    Protocol{"pop3",
             {Exchange{"", R"(^\+OK[^\n]*\n)", R"(^-ERR)"},
              Exchange{"STLS\r\n", R"(^\+OK[^\n]*\n)", R"(^-ERR)"}},
             kQuit},
    Protocol{"ftp",
             {Exchange{"", kSmtp220, kSmtpNo}, Exchange{"AUTH TLS\r\n", kFtp234, kSmtpNo}},
             kQuit},
    Protocol{"ldap", {}, kLdapUnbind},
    Protocol{"xmpp", {}, ""},
    Protocol{"postgres", {Exchange{kPostgresRequest, R"(\AS)", R"(\A[^S])"}}, ""},
    Protocol{"mysql", {}, kMysqlLogin},
};

const Protocol* find_protocol(std::string_view name) {
  const auto* const known = std::ranges::find(kProtocols, name, &Protocol::name);
  return known == kProtocols.end() ? nullptr : known;
}

std::string xmpp_greeting(std::string_view server_name) {
  return "<?xml version='1.0'?><stream:stream to='" + std::string(server_name) +
         "' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
}

void add(std::vector<Step>& steps, std::string_view send, std::string_view expect,
         std::string_view refuse) {
  if (!send.empty()) {
    steps.emplace_back(SendStep{std::string(send)});
  }
  if (!expect.empty()) {
    steps.emplace_back(ExpectStep{std::string(expect), true, {std::string(refuse)}});
  }
}

}  // namespace

std::vector<Step> starttls_steps(std::string_view protocol, std::string_view server_name) {
  const Protocol* const known = find_protocol(protocol);
  if (known == nullptr) {
    return {};
  }
  std::vector<Step> steps;
  if (protocol == "xmpp") {
    add(steps, xmpp_greeting(server_name), "</stream:features>",
        R"(<stream:error|<stream:features\s*/>)");
    add(steps, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        R"(<proceed[^>]*(?:/>|>\s*</proceed>))", "<failure");
  } else if (protocol == "ldap") {
    add(steps, kLdapRequest, ldap_message(), ldap_no());
  } else if (protocol == "mysql") {
    add(steps, "", mysql_greeting(), kMysqlNo);
    add(steps, kMysqlRequest, "", "");
  }
  for (const Exchange& exchange : known->exchanges) {
    add(steps, exchange.send, exchange.expect, exchange.refuse);
  }
  steps.emplace_back(StarttlsStep{.follows_whole_agreement = true});
  return steps;
}

bool turns_away(std::string_view protocol, std::string_view received) {
  const auto says = [&](std::string_view pattern) {
    return StreamPattern::regex(std::string(pattern)).met_at_end(received);
  };
  if (protocol == "smtp" || protocol == "ftp") {
    return !says(kSmtp220) || says(R"((?m)^421[ \r\n-])");
  }
  if (protocol == "imap") {
    return says(R"((?i)^\* BYE)");
  }
  if (protocol == "pop3") {
    return received.starts_with("-ERR");
  }
  if (protocol == "ldap") {  // a notice of disconnection, busy, unavailable
    return says(
        fmt::format(R"((?s)\A\x30{0}\x02\x01(?:\x00|\x01\x78{0}\x0a\x01[\x33\x34]))", kBerLength));
  }
  if (protocol == "xmpp") {
    return received.contains("<stream:error");
  }
  if (protocol == "mysql") {  // an error packet in place of the greeting
    constexpr size_t kHeader = 4;
    return received.size() > kHeader && received[kHeader] == '\xff';
  }
  return protocol == "postgres" && received.starts_with('E');  // an ErrorResponse
}

std::string_view starttls_goodbye(std::string_view protocol) {
  const Protocol* const known = find_protocol(protocol);
  return known == nullptr ? "" : known->goodbye;
}

std::shared_ptr<const Monitor> with_starttls_steps(const std::shared_ptr<const Monitor>& monitor) {
  if (monitor->tls.mode != TlsMode::starttls || has_starttls_step(*monitor)) {
    return monitor;
  }
  const std::string& name =
      monitor->tls.server_name.empty() ? monitor->target.host() : monitor->tls.server_name;
  auto copy = std::make_shared<Monitor>(*monitor);
  copy->request = starttls_steps(starttls_protocol(*monitor), name);
  copy->request.insert(copy->request.end(), monitor->request.begin(), monitor->request.end());
  return copy;
}

}  // namespace tocsin
