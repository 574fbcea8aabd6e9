#include "core/proxy_causes.h"

#include <gtest/gtest.h>

#include "core/causes.h"
#include "core/evaluate.h"

namespace tocsin {
namespace {

std::string first_cause(std::string_view proxy, ErrorCode code, std::string detail) {
  Monitor monitor;
  monitor.target = Target::parse("db.example.com:25").value();
  monitor.proxy = parse_proxy(proxy).value();
  ProbeResult result;
  result.proxy = ProxyFacts{.address = SocketAddress{.ip = *IpAddress::parse("192.0.2.9")}};
  const ProbeError error{.code = code, .phase = Phase::connect, .detail = std::move(detail)};
  const std::vector<std::string> causes = likely_causes(error, monitor, result);
  EXPECT_GE(causes.size(), 1U);
  return causes.empty() ? "" : causes.front();
}

// Nothing of the target has been seen from here: the proxy is where to look first.
TEST(ProxyCauses, SilenceBehindAProxyIsNoSilenceOfOurNetwork) {
  EXPECT_EQ(first_cause("http://p:1", ErrorCode::timeout, "no answer within 1s"),
            "The proxy gets no answer: the host of the service is off, or a firewall between the "
            "two drops the packets.");
  EXPECT_EQ(first_cause("http://p:1", ErrorCode::proxy_failed, std::string(kProxySilent) + "1s"),
            "The proxy hangs: its kernel takes connections, the program does not answer.");
}

TEST(ProxyCauses, AServerOfAnotherKindIsNamed) {
  EXPECT_EQ(first_cause("http://p:1", ErrorCode::proxy_failed,
                        "the proxy 192.0.2.9:1 closed the connection before its answer"),
            "It is no HTTP proxy: a SOCKS proxy hangs up on other words.");
  EXPECT_EQ(first_cause("socks5://p:1", ErrorCode::proxy_failed,
                        "it is no SOCKS5 proxy: its answer begins with 0x48"),
            "This port is that of another kind of proxy, or of no proxy at all.");
}

// 502 alone may be a port that refuses as well as a host that is off.
TEST(ProxyCauses, ABareGatewayErrorIsNotTakenForAHostThatIsOff) {
  EXPECT_EQ(first_cause("http://p:1", ErrorCode::host_unreachable,
                        "proxy refused: Bad Gateway (HTTP status 502)"),
            "The service is not running: this proxy says the same of a port that refuses.");
  EXPECT_EQ(first_cause("socks5://p:1", ErrorCode::host_unreachable,
                        "proxy refused: host unreachable (SOCKS5 reply 4)"),
            "A firewall between the proxy and the host forbids the way.");
  EXPECT_EQ(first_cause("socks5://p:1", ErrorCode::timeout,
                        "proxy refused: TTL expired (SOCKS5 reply 6)"),
            "A firewall between the proxy and the service drops the packets.");
}

}  // namespace
}  // namespace tocsin
