#include "probe/starttls.h"

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

constexpr std::array kProtocols = {
    Protocol{"smtp",
             {Exchange{"", R"((?m)^220 [^\n]*\n)", kSmtpNo},
              Exchange{"EHLO tocsin.invalid\r\n", R"((?m)^250 [^\n]*\n)", kSmtpNo},
              Exchange{"STARTTLS\r\n", R"((?m)^220 [^\n]*\n)", kSmtpNo}}},
    Protocol{"imap",
             {Exchange{"", R"(^\* OK[^\n]*\n)", R"(^\* (BYE|PREAUTH))"},
              Exchange{"t1 STARTTLS\r\n", R"((?m)^t1 OK[^\n]*\n)", R"((?m)^t1 (NO|BAD))"}}},
    Protocol{"pop3",
             {Exchange{"", R"(^\+OK[^\n]*\n)", R"(^-ERR)"},
              Exchange{"STLS\r\n", R"(^\+OK[^\n]*\n)", R"(^-ERR)"}}},
    Protocol{"ftp",
             {Exchange{"", R"((?m)^220 [^\n]*\n)", kSmtpNo},
              Exchange{"AUTH TLS\r\n", R"((?m)^234[^\n]*\n)", kSmtpNo}}},
    Protocol{"ldap",
             {Exchange{kLdapRequest, R"((?s)^\x30.+\x78.+\x0a\x01\x00)",
                       R"((?s)^\x30.+\x78.+\x0a\x01[^\x00])"}}},
    Protocol{"postgres", {Exchange{kPostgresRequest, "^S", "^[NE]"}}},
    Protocol{
        "mysql",
        {Exchange{"", R"((?s)^...\x00\x0a[^\x00]*\x00.{44}[^\x00]*\x00)", R"((?s)^...\x00\xff)"},
         Exchange{kMysqlRequest, "", ""}}},
};

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
  std::vector<Step> steps;
  if (protocol == "xmpp") {
    add(steps, xmpp_greeting(server_name), "</stream:features>", "<stream:error");
    add(steps, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<proceed[^>]*>", "<failure");
  } else if (const auto* known = std::ranges::find(kProtocols, protocol, &Protocol::name);
             known != kProtocols.end()) {
    for (const Exchange& exchange : known->exchanges) {
      add(steps, exchange.send, exchange.expect, exchange.refuse);
    }
  } else {
    return {};
  }
  steps.emplace_back(StarttlsStep{});
  return steps;
}

std::shared_ptr<const Monitor> with_starttls_steps(const std::shared_ptr<const Monitor>& monitor) {
  const bool has_own = std::ranges::any_of(monitor->request, [](const Step& step) {
    return std::holds_alternative<StarttlsStep>(step);
  });
  if (monitor->tls.mode != TlsMode::starttls || has_own) {
    return monitor;
  }
  const std::string& name =
      monitor->tls.server_name.empty() ? monitor->target.host() : monitor->tls.server_name;
  auto copy = std::make_shared<Monitor>(*monitor);
  copy->request = starttls_steps(monitor->tls.protocol, name);
  copy->request.insert(copy->request.end(), monitor->request.begin(), monitor->request.end());
  return copy;
}

}  // namespace tocsin
