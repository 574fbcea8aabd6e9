// The words to a proxy, byte by byte, and whose fault its refusals are.
#include "probe/proxy_talk.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "probe/proxy_answer.h"

namespace tocsin {
namespace {

using std::string_literals::operator""s;

struct End {
  std::string said;  // by us, after the start
  bool is_through = false;
  std::optional<ProbeError> error;
  std::string rest;
};

// Talks with a proxy that says `bytes`, `cut` at a time.
End talk(std::string_view proxy, std::string_view target, std::string_view bytes,
         size_t cut = SIZE_MAX) {
  const auto talk = ProxyTalk::make(parse_proxy(proxy).value(), Target::parse(target).value());
  End end;
  static_cast<void>(talk->start());
  while (!bytes.empty() && !end.is_through && !end.error) {
    const std::string_view piece = bytes.substr(0, cut);
    const ProxyTalk::Step step = talk->on_bytes(piece);
    end.said += step.send;
    end.is_through = step.is_through;
    end.error = step.error;
    bytes.remove_prefix(step.is_through || step.error ? step.used : piece.size());
  }
  end.rest = bytes;
  return end;
}

std::string starts(std::string_view proxy, std::string_view target) {
  return ProxyTalk::make(parse_proxy(proxy).value(), Target::parse(target).value())->start();
}

std::string code(const End& end) {
  return end.error ? std::string(error_name(end.error->code)) : "none";
}

TEST(ProxyTalk, Socks5AsksForTheNameAndHandsOverWhatFollows) {
  EXPECT_EQ(to_hex(starts("socks5://p:1", "db:5432")), "050100");
  const End end = talk("socks5://p:1", "db:5432", "\5\0\5\0\0\1\0\0\0\0\0\22"s + "220 hello");
  EXPECT_TRUE(end.is_through);
  EXPECT_EQ(to_hex(end.said),
            "05010003026462"
            "1538");
  EXPECT_EQ(end.rest, "220 hello");
}

TEST(ProxyTalk, Socks5NamesAddressesAsSuch) {
  EXPECT_EQ(to_hex(talk("socks5://p:1", "192.0.2.1:80", "\5\0"s).said), "05010001c00002010050");
  EXPECT_EQ(to_hex(talk("socks5://p:1", "[::1]:80", "\5\0"s).said),
            "05010004000000000000000000000000000000010050");
}

// RFC 1929: the name and the password follow only when the proxy chooses so.
TEST(ProxyTalk, Socks5SignsInWhenAskedTo) {
  EXPECT_EQ(to_hex(starts("socks5://u:pw@p:1", "db:1")), "05020002");
  EXPECT_EQ(to_hex(talk("socks5://u:pw@p:1", "db:1", "\5\2"s).said),
            "01017502"
            "7077");
  EXPECT_EQ(to_hex(talk("socks5://u:pw@p:1", "db:1", "\5\0"s).said),
            "05010003026462"
            "0001");
  const End refused = talk("socks5://u:pw@p:1", "db:1", "\5\2\1\1"s);
  EXPECT_EQ(code(refused), "proxy_failed");
  EXPECT_EQ(refused.error->detail.find("pw"), std::string::npos);
  EXPECT_EQ(code(talk("socks5://p:1", "db:1", "\5\xff"s)), "proxy_failed");
  EXPECT_EQ(code(talk("socks5://p:1", "db:1", "\5\2"s)), "proxy_failed") << "never asked for";
}

// The target is down only where the proxy says so of the target itself.
TEST(ProxyTalk, Socks5RepliesAreTheTargetsOrTheProxys) {
  const std::pair<char, const char*> replies[] = {
      {1, "proxy_failed"}, {2, "proxy_failed"},     {3, "network_unreachable"},
      {5, "tcp_refused"},  {4, "host_unreachable"}, {6, "timeout"},
      {7, "proxy_failed"}, {8, "proxy_failed"},     {99, "proxy_failed"}};
  for (const auto& [reply, wanted] : replies) {
    EXPECT_EQ(code(talk("socks5://p:1", "db:1", "\5\0\5"s + reply)), wanted) << int{reply};
  }
  EXPECT_EQ(socks_refusal(4).detail, "proxy refused: host unreachable (SOCKS5 reply 4)");
}

TEST(ProxyTalk, AnHttpProxyOnASocksPortIsToldAsSuch) {
  const End end = talk("socks5://p:1", "db:1", "HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(code(end), "proxy_failed");
  EXPECT_EQ(end.error->detail, "it is no SOCKS5 proxy: its answer begins with 0x48");
  const End socks = talk("http://p:1", "db:1", "\5\xff"s);
  EXPECT_EQ(code(socks), "proxy_failed");
  EXPECT_EQ(socks.error->detail, "it is no HTTP proxy: its answer begins with \"\\x05\"");
}

TEST(ProxyTalk, ConnectNamesTheTargetAndSignsIn) {
  EXPECT_EQ(starts("http://p:1", "[2001:db8::1]:25"),
            "CONNECT [2001:db8::1]:25 HTTP/1.1\r\nHost: [2001:db8::1]:25\r\n\r\n");
  EXPECT_EQ(starts("http://u:pw@p:1", "db:25"),
            "CONNECT db:25 HTTP/1.1\r\nHost: db:25\r\nProxy-Authorization: Basic dTpwdw==\r\n\r\n");
}

// RFC 9110 15.2 and 9.3.6: interim answers come before, and after the head the target speaks.
TEST(ProxyTalk, ConnectHandsOverWhatFollowsTheHead) {
  const End end = talk("http://p:1", "db:25",
                       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nVia: x\r\n\r\n220 hello");
  EXPECT_TRUE(end.is_through);
  EXPECT_EQ(end.rest, "220 hello");
}

TEST(ProxyTalk, ConnectRefusalsAreTheTargetsOrTheProxys) {
  const std::pair<const char*, const char*> answers[] = {
      {"403 Forbidden\r\n", "proxy_failed"},
      {"407 Proxy Authentication Required\r\n", "proxy_failed"},
      {"500 Internal Server Error\r\n", "proxy_failed"},
      {"500 Unable to connect\r\n", "host_unreachable"},
      {"502 Bad Gateway\r\n", "host_unreachable"},
      {"502 Bad Gateway\r\nProxy-Status: p; error=connection_refused\r\n", "tcp_refused"},
      {"503 Service Unavailable\r\n", "proxy_failed"},
      {"503 Service Unavailable\r\nX-Squid-Error: ERR_CONNECT_FAIL 111\r\n", "tcp_refused"},
      {"503 Service Unavailable\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\n", "proxy_failed"},
      {"502 Bad Gateway\r\nX-Squid-Error: ERR_CONNECT_FAIL 99\r\n", "proxy_failed"},
      {"502 Bad Gateway\r\nProxy-Status: p; error=proxy_internal_error\r\n", "proxy_failed"},
      {"504 Gateway Timeout\r\nProxy-Status: p; error=dns_timeout\r\n", "proxy_failed"},
      {"502 Bad Gateway\r\nProxy-Status: p; error=dns_error; rcode=\"SERVFAIL\"\r\n",
       "proxy_failed"},
      {"502 Bad Gateway\r\nProxy-Status: p; error=dns_error\r\n", "proxy_failed"},
      {"502 Bad Gateway\r\nProxy-Status: p; error=dns_error; rcode=\"NXDOMAIN\"\r\n",
       "host_not_found"},
      {"504 Gateway Timeout\r\n", "timeout"},
      {"99 Odd\r\n", "proxy_failed"},
      {"\r\n", "proxy_failed"}};
  for (const auto& [answer, wanted] : answers) {
    const End end = talk("http://u:pw@p:1", "db:1", "HTTP/1.1 "s + answer + "\r\n");
    EXPECT_EQ(code(end), wanted) << answer;
    EXPECT_EQ(end.error->detail.find("pw"), std::string::npos);
  }
}

// Some say back what they were told.
TEST(ProxyTalk, AProxyThatRepeatsThePasswordIsNotRepeated) {
  const End end =
      talk("http://u:s3cret@p:1", "db:1",
           "HTTP/1.1 407 s3cret or dTpzM2NyZXQ= or s3crets3cret\r\nX-Squid-Error: s3cret\r\n\r\n");
  EXPECT_EQ(end.error->detail.find("s3cret"), std::string::npos) << end.error->detail;
  const End odd = talk("http://u:s3cret@p:1", "db:1", "HTTP/1.1 500 dTpzM2NyZXQ= s3cret\r\n\r\n");
  EXPECT_EQ(odd.error->detail, "proxy refused: *** *** (HTTP status 500)");
}

TEST(ProxyTalk, AnEndlessHeadIsCut) {
  EXPECT_EQ(code(talk("http://p:1", "db:1", "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'))),
            "proxy_failed");
}

// However it was cut, it means the same.
TEST(ProxyTalk, MeansTheSameCutAtEveryByte) {
  const std::pair<const char*, std::string> whole[] = {
      {"socks5://u:pw@p:1", "\5\2\1\0\5\0\0\3\4abcd\0\1SSH-2.0"s},
      {"http://u:pw@p:1", "HTTP/1.0 200 OK\n\nSSH-2.0"}};
  for (const auto& [proxy, bytes] : whole) {
    for (size_t cut = 1; cut <= bytes.size(); ++cut) {
      const End end = talk(proxy, "db:22", bytes, cut);
      EXPECT_TRUE(end.is_through) << proxy << " " << cut;
      EXPECT_EQ(end.rest, "SSH-2.0") << proxy << " " << cut;
    }
  }
}

}  // namespace
}  // namespace tocsin
