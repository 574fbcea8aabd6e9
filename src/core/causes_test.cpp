#include "core/causes.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/evaluate.h"

namespace tocsin {
namespace {

Monitor redis() {
  Monitor monitor;
  monitor.target = Target::parse("db.example.com:6379").value();
  return monitor;
}

std::string first_cause(ErrorCode code, Phase phase, const Monitor& monitor,
                        const ProbeResult& result = {}) {
  return likely_causes({.code = code, .phase = phase, .detail = {}}, monitor, result).front();
}

std::vector<std::string> commands(ErrorCode code, Phase phase, const Monitor& monitor,
                                  const ProbeResult& result = {}) {
  return commands_to_try({.code = code, .phase = phase, .detail = {}}, monitor, result);
}

// Whatever happened, people are told what to look at: no code in no phase is without words.
TEST(LikelyCauses, EveryErrorHasCausesAndCommands) {
  for (const ErrorInfo& info : error_table()) {
    for (const Phase phase : {Phase::dns, Phase::connect, Phase::tls, Phase::data}) {
      const ProbeError error{.code = info.code, .phase = phase, .detail = {}};
      EXPECT_FALSE(likely_causes(error, redis(), {}).empty()) << info.name;
      EXPECT_FALSE(commands_to_try(error, redis(), {}).empty()) << info.name;
      for (const std::string& cause : likely_causes(error, redis(), {})) {
        EXPECT_TRUE(cause.ends_with('.')) << cause;
      }
    }
  }
}

// What the resolver said decides whom to ask; a name without any address has no other family.
TEST(LikelyCauses, OfNamesFollowWhatTheResolverSaid) {
  const auto first = [](ErrorCode code, std::string_view detail) {
    return likely_causes({.code = code, .phase = Phase::dns, .detail = std::string(detail)},
                         redis(), {})
        .front();
  };
  EXPECT_TRUE(first(ErrorCode::dns_failed, "the resolver answered REFUSED for db")
                  .starts_with("The resolver does not serve this location"));
  EXPECT_TRUE(first(ErrorCode::dns_failed, "the resolver answered SERVFAIL for db")
                  .starts_with("The name servers of this domain"));
  EXPECT_TRUE(first(ErrorCode::no_address_of_family, "db exists, but has no address")
                  .starts_with("The name has neither"));
  EXPECT_TRUE(first(ErrorCode::no_address_of_family, "db exists, but has no IPv6 address (AAAA)")
                  .starts_with("The name has addresses of the other"));
}

// Evidence ranks: the same error with other facts has another first cause.
TEST(LikelyCauses, EvidenceDecidesWhichCauseIsFirst) {
  ProbeResult result;
  result.syn_retransmits = 2;
  EXPECT_EQ(first_cause(ErrorCode::timeout, Phase::connect, redis(), result),
            "A firewall drops the packets: nothing answered, though asked again.");
  result.stale_dns = true;
  EXPECT_TRUE(first_cause(ErrorCode::timeout, Phase::connect, redis(), result)
                  .starts_with("The address came from an old answer"));
  Monitor mail = redis();
  mail.target = Target::parse("mx.example.com:25").value();
  EXPECT_EQ(first_cause(ErrorCode::timeout, Phase::connect, mail),
            "This location cannot send to port 25; many networks block it.");

  ProbeResult alert;
  alert.received = std::string("\x15\x03\x01\x00\x02", 5);
  alert.bytes_received = 5;
  EXPECT_EQ(first_cause(ErrorCode::closed_early, Phase::data, redis(), alert),
            "This port speaks TLS, and the monitor speaks plain text.");
  Monitor waits = redis();
  waits.request = {ExpectStep{.pattern = "+OK"}};
  EXPECT_TRUE(first_cause(ErrorCode::timeout, Phase::data, waits)
                  .starts_with("The service does not speak first"));
  EXPECT_EQ(likely_causes({.code = ErrorCode::tcp_refused,
                           .phase = Phase::connect,
                           .detail = std::string(kConnectedToItself)},
                          redis(), {})
                .size(),
            1U);
}

// Who was told nothing cannot dislike it.
TEST(LikelyCauses, AServerThatHangsUpUnaskedIsNotSaidToDislikeWhatWasSent) {
  ProbeResult result;
  result.received = "421 too many connections\r\n";
  result.bytes_received = result.received.size();
  EXPECT_EQ(first_cause(ErrorCode::closed_early, Phase::data, redis(), result),
            "The service is at its limit of connections.");
  result.bytes_sent = 6;
  EXPECT_EQ(first_cause(ErrorCode::closed_early, Phase::data, redis(), result),
            "The service did not like what was sent.");
}

TEST(LikelyCauses, AFileIsNoSocketThatWasLeftBehind) {
  Monitor socket = redis();
  socket.target = Target::parse("unix:/etc/hosts").value();
  const ProbeError error{.code = ErrorCode::tcp_refused,
                         .phase = Phase::connect,
                         .detail = "unix:/etc/hosts is no socket"};
  EXPECT_EQ(likely_causes(error, socket, {}).front(),
            "The path is that of a file or a directory: the service listens on another path.");
  EXPECT_EQ(explain_error(error, socket, {}),
            "Nothing is listening on unix:/etc/hosts: it is no socket.");
}

// What was found out since says more than what is usual.
TEST(LikelyCauses, WhatWasFoundOutRanksTheCausesOfSilence) {
  const ProbeError silence{.code = ErrorCode::timeout, .phase = Phase::connect, .detail = {}};
  const auto causes = [&](const Evidence& evidence) {
    return likely_causes(silence, redis(), {}, &evidence);
  };
  EXPECT_EQ(causes({}), likely_causes(silence, redis(), {}));
  const Evidence alive{.closed_port = Knock{.to = {}, .answer = KnockAnswer::refused}};
  EXPECT_EQ(causes(alive),
            (std::vector<std::string>{
                "A firewall drops what goes to this port; the host itself answers.",
                "The service hangs: its queue of new connections is full, and the host drops "
                "more."}));
  EXPECT_EQ(causes({.second_try = SecondTry{.verdict = Verdict::passed}}).front(),
            "A short trouble: packets were lost, or the host was busy for a moment.");
  EXPECT_EQ(causes({.others = {Knock{.to = {}, .answer = KnockAnswer::open}}}).front(),
            "The host at this address is off; another address of the name opens.");
}

// What a server says of a handshake is the best that is known of it.
TEST(LikelyCauses, TheAlertOfAServerNamesTheCause) {
  Monitor site = redis();
  site.tls.mode = TlsMode::direct;
  const auto first = [&site](const std::string& detail) {
    return likely_causes({.code = ErrorCode::tls_handshake, .phase = Phase::tls, .detail = detail},
                         site, {})
        .front();
  };
  const std::string wants =
      "The service wants a client certificate, and the monitor has none to show.";
  EXPECT_EQ(first("the server said: certificate required, after it had asked for a client "
                  "certificate"),
            wants);
  EXPECT_EQ(first("the server said: handshake failure, after it had asked for a client "
                  "certificate"),
            wants);
  EXPECT_EQ(first("the peer cut the connection, after it had asked for a client certificate"),
            wants);
  EXPECT_EQ(first("the server said: handshake failure"),
            "The two sides share no TLS version or cipher.");
  EXPECT_EQ(first("the server said: unrecognized name"),
            "The service does not know the name that it is asked for: see server_name.");
  EXPECT_EQ(first("the server said: no application protocol"),
            "The service speaks none of the protocols of alpn.");
  EXPECT_EQ(first("this is not TLS: the answer begins with 220 mail.example\\r\\n"),
            "The service speaks plain text first: use STARTTLS instead of direct TLS.");
  EXPECT_EQ(first("this is not TLS: the answer begins with HTTP/1.1 400 Bad Request"),
            "The service speaks plain HTTP on this port.");
  site.tls.certificate_file = "/etc/client.pem";
  EXPECT_EQ(first("the server said: unknown ca"),
            "The service does not accept the client certificate of the monitor.");
}

TEST(LikelyCauses, SlownessNamesTheSlowestPhase) {
  ProbeResult result;
  result.phases = {.dns = 3ms, .connect = 1ms, .tls = 40ms, .data = 2ms};
  EXPECT_EQ(first_cause(ErrorCode::too_slow, Phase::data, redis(), result),
            "Most of the time went into the TLS handshake: a busy service.");
  result.phases.dns = 50ms;
  EXPECT_EQ(first_cause(ErrorCode::too_slow, Phase::data, redis(), result),
            "Most of the time went into resolving the name.");
}

TEST(LikelyCauses, CommandsAreAboutTheTarget) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(commands(ErrorCode::tcp_refused, Phase::connect, redis()),
            (Lines{"tocsin probe db.example.com:6379 -v", "nc -zv -4 db.example.com 6379",
                   "# on db.example.com: ss -ltnp 'sport = :6379'"}));
  EXPECT_EQ(commands(ErrorCode::timeout, Phase::connect, redis()).back(),
            "traceroute -T -p 6379 -4 db.example.com");
  Monitor mail = redis();
  mail.tls = {.mode = TlsMode::starttls, .protocol = "smtp", .server_name = "mx.example.com"};
  EXPECT_EQ(commands(ErrorCode::tls_expired, Phase::tls, mail),
            (Lines{"tocsin probe db.example.com:6379 -v --starttls smtp --tls-name mx.example.com",
                   "openssl s_client -connect db.example.com:6379 -4 -servername mx.example.com "
                   "-verify_hostname mx.example.com -starttls smtp </dev/null"}));
  EXPECT_EQ(commands(ErrorCode::host_not_found, Phase::dns, redis()).front(),
            "dig db.example.com A");
}

// Behind a proxy only the proxy can be tried from here, and its password is nobody's to read.
TEST(LikelyCauses, CommandsGoTheWayOfTheProbe) {
  using Lines = std::vector<std::string>;
  Monitor behind = redis();
  behind.proxy = parse_proxy("socks5://probe:s3cret@proxy.example.com:1080").value();
  const Lines wanted = {
      "tocsin probe db.example.com:6379 -v --proxy 'socks5://probe:***@proxy.example.com:1080'",
      "nc -zv proxy.example.com 1080"};
  EXPECT_EQ(commands(ErrorCode::proxy_failed, Phase::connect, behind), wanted);
  EXPECT_EQ(commands(ErrorCode::timeout, Phase::connect, behind), wanted);
  ProbeResult through;
  through.proxy =
      ProxyFacts{.address = SocketAddress{.ip = *IpAddress::parse("2001:db8::9"), .port = 1080}};
  EXPECT_EQ(commands(ErrorCode::timeout, Phase::connect, behind, through).back(),
            "nc -zv -6 proxy.example.com 1080");
  Monitor from = redis();
  from.source = IpAddress::parse("192.0.2.10");
  from.resolver = {{.ip = *IpAddress::parse("192.0.2.53"), .port = 53}};
  EXPECT_EQ(commands(ErrorCode::tcp_refused, Phase::connect, from).front(),
            "tocsin probe db.example.com:6379 -v --source 192.0.2.10 --resolver 192.0.2.53:53");
  EXPECT_EQ(commands(ErrorCode::host_not_found, Phase::dns, from).front(),
            "dig @192.0.2.53 db.example.com A");
  ProbeResult there;
  there.remote = SocketAddress{.ip = *IpAddress::parse("198.51.100.7"), .port = 6379};
  EXPECT_EQ(commands(ErrorCode::timeout, Phase::connect, from, there),
            (Lines{"tocsin probe db.example.com:6379 -v --source 192.0.2.10 --resolver "
                   "192.0.2.53:53",
                   "nc -zv -4 -s 192.0.2.10 198.51.100.7 6379",
                   "traceroute -T -p 6379 -4 -s 192.0.2.10 198.51.100.7"}))
      << "the system's resolver may know another address";
  Monitor six = redis();
  six.ip_family = IpFamily::ipv6;
  six.timeout = 3s;
  six.close = CloseMode::rst;
  EXPECT_EQ(commands(ErrorCode::timeout, Phase::data, six).front(),
            "tocsin probe db.example.com:6379 -vv -6 --timeout 3s --close rst");
  EXPECT_EQ(commands(ErrorCode::host_not_found, Phase::dns, six).front(),
            "dig db.example.com AAAA");
}

// A missing address is no shortage: no limit helps.
TEST(LikelyCauses, AMissingSourceIsToldAsWhatItIs) {
  Monitor from = redis();
  from.source = IpAddress::parse("192.0.2.10");
  const ProbeError error{.code = ErrorCode::local_resource,
                         .phase = Phase::connect,
                         .detail = std::string(kNoSource) + "192.0.2.10"};
  EXPECT_EQ(explain_error(error, from, {}),
            "This location could not make the connection: this machine does not have the source "
            "address 192.0.2.10.");
  EXPECT_EQ(likely_causes(error, from, {}).front(),
            "The address has moved to another machine, or its lease ran out.");
  EXPECT_EQ(commands_to_try(error, from, {}).front(), "ip -br address");
}

TEST(LikelyCauses, AFileThatCannotBeUsedIsToldAsWhatItIs) {
  const ProbeError error{
      .code = ErrorCode::local_resource,
      .phase = Phase::tls,
      .detail = std::string(kUnusableFile) + "ca_file /etc/ca.pem: no such file"};
  EXPECT_EQ(likely_causes(error, redis(), {}).front(),
            "The file is not there, or the user whom Tocsin runs as may not read it.");
  EXPECT_EQ(commands_to_try(error, redis(), {}).size(), 1U) << "no limit is to be looked at";
}

// It is this machine's network, and no service, that is to be looked at.
TEST(LikelyCauses, ASilentRouterOfOursIsToldAsWhatItIs) {
  const Monitor far = redis();
  const ProbeError error{.code = ErrorCode::self_offline,
                         .phase = Phase::connect,
                         .detail = std::string(kSilentRouter) + "192.0.2.1 towards 10.0.0.5:6379"};
  EXPECT_EQ(explain_error(error, far, {}),
            "This machine gets no answer from its own router 192.0.2.1 towards 10.0.0.5:6379, so "
            "nothing is known of the target.");
  EXPECT_EQ(likely_causes(error, far, {}).front(),
            "The router is off, or this machine is not connected to it any more.");
}

// What is asked of TLS decides what the server shows.
TEST(LikelyCauses, CommandsAskForTheSameTls) {
  Monitor site = redis();
  site.tls = {.mode = TlsMode::direct,
              .protocol = "",
              .server_name = "",
              .verify = false,
              .alpn = {"h2", "http/1.1"},
              .certificate_file = "/etc/my certs/client.pem",
              .key_file = "/etc/client.key",
              .ca_file = "/etc/ca.pem",
              .min_version = "1.3"};
  using Lines = std::vector<std::string>;
  EXPECT_EQ(commands(ErrorCode::tls_handshake, Phase::tls, site),
            (Lines{"tocsin probe db.example.com:6379 -v --tls --no-verify --ca-file /etc/ca.pem "
                   "--certificate-file '/etc/my certs/client.pem' --key-file /etc/client.key "
                   "--alpn h2 --alpn http/1.1 --min-version 1.3",
                   "openssl s_client -connect db.example.com:6379 -4 -servername db.example.com "
                   "-alpn h2,http/1.1 -CAfile /etc/ca.pem -cert '/etc/my certs/client.pem' -key "
                   "/etc/client.key -min_protocol TLSv1.3 </dev/null"}));
  site = redis();
  site.target = Target::parse("[2001:db8::1]:443").value();
  site.tls.mode = TlsMode::direct;
  site.source = IpAddress::parse("2001:db8::10");
  EXPECT_EQ(commands(ErrorCode::tls_handshake, Phase::tls, site).back(),
            "openssl s_client -connect '[2001:db8::1]:443' -bind '[2001:db8::10]:0' -noservername "
            "-verify_ip 2001:db8::1 </dev/null");
  Monitor behind = redis();
  behind.tls.mode = TlsMode::direct;
  behind.proxy = parse_proxy("http://proxy.example.com:3128").value();
  EXPECT_EQ(commands(ErrorCode::tls_handshake, Phase::tls, behind).back(),
            "openssl s_client -proxy proxy.example.com:3128 -connect db.example.com:6379 "
            "-servername db.example.com -verify_hostname db.example.com </dev/null");
  behind.proxy = parse_proxy("socks5://proxy.example.com:1080").value();
  EXPECT_EQ(commands(ErrorCode::tls_handshake, Phase::tls, behind).size(), 1U)
      << "openssl speaks no SOCKS";
}

// Which of the two families was slow is not known when neither connected.
TEST(LikelyCauses, CommandsTryBothFamiliesAsTheProbeDid) {
  Monitor either = redis();
  either.ip_family = IpFamily::automatic;
  EXPECT_EQ(commands(ErrorCode::timeout, Phase::connect, either).front(),
            "tocsin probe db.example.com:6379 -v --auto");
  ProbeResult result;
  result.remote = SocketAddress{.ip = IpAddress::parse("2001:db8::1").value(), .port = 6379};
  EXPECT_EQ(commands(ErrorCode::timeout, Phase::data, either, result).front(),
            "tocsin probe db.example.com:6379 -vv -6");
}

// A definition may come from somebody else; who pastes a command must run that command alone.
TEST(LikelyCauses, WhatComesFromADefinitionIsQuoted) {
  Monitor hostile = redis();
  hostile.tls = {.mode = TlsMode::direct, .server_name = "x'; rm -rf ~ #"};
  const std::string openssl = commands(ErrorCode::tls_expired, Phase::tls, hostile).back();
  EXPECT_NE(openssl.find(R"(-servername 'x'\''; rm -rf ~ #')"), std::string::npos) << openssl;
  Monitor socket = redis();
  socket.target = Target::parse("unix:/run/a b.sock").value();
  EXPECT_EQ(commands(ErrorCode::tcp_refused, Phase::connect, socket).front(),
            "tocsin probe 'unix:/run/a b.sock' -v");
  Monitor v6 = redis();
  v6.target = Target::parse("[2001:db8::1]:22").value();
  EXPECT_EQ(commands(ErrorCode::tcp_refused, Phase::connect, v6)[1], "nc -zv 2001:db8::1 22");
}

// One monitor's resolver is not that of the location: nobody else asks it.
TEST(LikelyCauses, TellWhoseResolverItIs) {
  Monitor own;
  own.target = Target::parse("db.corp:5432").value();
  const ProbeError down{ErrorCode::resolver_down, Phase::dns, "no answer for db.corp within 2 s"};
  EXPECT_EQ(explain_error(down, own, {}),
            "The resolver of this location gives no usable answer: no answer for db.corp within 2 "
            "s.");
  EXPECT_EQ(likely_causes(down, own, {}).size(), 1U);
  own.resolver = {{.ip = *IpAddress::parse("192.0.2.53"), .port = 53}};
  EXPECT_EQ(explain_error(down, own, {}),
            "The resolver that this monitor names gives no usable answer: no answer for db.corp "
            "within 2 s.");
  EXPECT_NE(likely_causes(down, own, {}).front().find("this monitor names"), std::string::npos);
}

}  // namespace
}  // namespace tocsin
