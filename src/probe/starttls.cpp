#include "probe/starttls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

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

constexpr std::string_view kSmtpNo = R"((?m)^[45]\d\d[ -])";

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

// The whole greeting of protocol 10: version, connection id, 8 bytes of salt, a filler; then the
// capabilities, in whose second byte bit 3 is CLIENT_SSL; 29 bytes more and the name of the
// authentication.
constexpr std::string_view kMysqlGreeting =
    R"((?s)\A...\x00\x0a[^\x00]*\x00.{14}[\x08-\x0f\x18-\x1f\x28-\x2f\x38-\x3f\x48-\x4f\x58-\x5f\x68-\x6f)"
    R"(\x78-\x7f\x88-\x8f\x98-\x9f\xa8-\xaf\xb8-\xbf\xc8-\xcf\xd8-\xdf\xe8-\xef\xf8-\xff].{29}[^\x00]*\x00)";
// An error in its place (a blocked host), or a server without TLS.
constexpr std::string_view kMysqlNo =
    R"((?s)\A...\x00(\xff|\x0a[^\x00]*\x00.{14}[\x00-\x07\x10-\x17\x20-\x27\x30-\x37\x40-\x47\x50-\x57\x60-\x67)"
    R"(\x70-\x77\x80-\x87\x90-\x97\xa0-\xa7\xb0-\xb7\xc0-\xc7\xd0-\xd7\xe0-\xe7\xf0-\xf7]))";

// Anything but result code 0 in an ExtendedResponse to message 1.
constexpr std::string_view kLdapNo =
    R"((?s)\A\x30(?:[^\x84]|\x84....)\x02\x01(?:[^\x01]|\x01(?:[^\x78]|\x78(?:[^\x84]|\x84....)\x0a\x01[^\x00])))";

// A whole LDAP message by what it says of its length, because the byte behind it must be TLS. The
// answer to StartTLS has 12 to 36 bytes, and Active Directory writes the length in the long form.
std::string ldap_message() {
  constexpr int kShortest = 12, kLongest = 64;
  std::string by_length;
  for (int length = kShortest; length <= kLongest; ++length) {
    by_length += fmt::format("{}\\x{:02x}.{{{}}}", by_length.empty() ? "" : "|", length, length);
  }
  return fmt::format(R"((?s)\A\x30(?:\x84\x00\x00\x00)?(?:{}))", by_length);
}

constexpr std::array kProtocols = {
    Protocol{"smtp",
             {Exchange{"", R"((?m)^220 [^\n]*\n)", kSmtpNo},
              Exchange{"EHLO tocsin.invalid\r\n", R"((?m)^250 [^\n]*\n)", kSmtpNo},
              Exchange{"STARTTLS\r\n", R"((?m)^220 [^\n]*\n)", kSmtpNo}},
             kQuit},
    Protocol{"imap",
             {Exchange{"", R"(^\* OK[^\n]*\n)", R"(^\* (BYE|PREAUTH))"},
              Exchange{"t1 STARTTLS\r\n", R"((?m)^t1 OK[^\n]*\n)", R"((?m)^t1 (NO|BAD))"}},
             "t2 LOGOUT\r\n"},
    Protocol{"pop3",
             {Exchange{"", R"(^\+OK[^\n]*\n)", R"(^-ERR)"},
              Exchange{"STLS\r\n", R"(^\+OK[^\n]*\n)", R"(^-ERR)"}},
             kQuit},
    Protocol{"ftp",
             {Exchange{"", R"((?m)^220 [^\n]*\n)", kSmtpNo},
              Exchange{"AUTH TLS\r\n", R"((?m)^234[ \r][^\n]*\n)", kSmtpNo}},
             kQuit},
    Protocol{"ldap", {}, kLdapUnbind},
    Protocol{"xmpp", {}, ""},
    Protocol{"postgres", {Exchange{kPostgresRequest, R"(\AS)", R"(\A[^S])"}}, ""},
    Protocol{"mysql",
             {Exchange{"", kMysqlGreeting, kMysqlNo}, Exchange{kMysqlRequest, "", ""}},
             kMysqlLogin},
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
    add(steps, xmpp_greeting(server_name), "</stream:features>", "<stream:error");
    add(steps, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        R"(<proceed[^>]*(?:/>|>\s*</proceed>))", "<failure");
  } else if (protocol == "ldap") {
    add(steps, kLdapRequest, ldap_message(), kLdapNo);
  }
  for (const Exchange& exchange : known->exchanges) {
    add(steps, exchange.send, exchange.expect, exchange.refuse);
  }
  steps.emplace_back(StarttlsStep{.follows_whole_agreement = true});
  return steps;
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
