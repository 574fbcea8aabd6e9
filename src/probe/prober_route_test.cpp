// A route that this machine itself lacks: whose trouble that is, alone and beside other addresses.
#include <gtest/gtest.h>

#include <cerrno>

#include "core/evaluate.h"
#include "probe/test_prober.h"

namespace tocsin {
namespace {

class ProberRouteTest : public ProberTest {
 protected:
  std::shared_ptr<Monitor> named(IpFamily family, std::vector<std::string> addresses) {
    ResolveAnswer answer;
    for (const std::string& each : addresses) {
      answer.addresses.push_back(*IpAddress::parse(each));
    }
    resolver_.names["db"] = answer;
    auto monitor = monitor_of("db:80");
    monitor->ip_family = family;
    return monitor;
  }
  // Its time passes, and what a wait that was late gives back.
  void wait_out() {
    pass(10s);
    pass(100ms);
  }
};

// Whatever the monitor wants to see: nothing is proven, and it is not tried again and again.
TEST_F(ProberRouteTest, WithoutARouteOfOurOwnNothingIsKnownOfTheTarget) {
  auto monitor = monitor_of("192.0.2.1:80");
  start(monitor);
  connected(0, ENETUNREACH);
  EXPECT_EQ(result().error, (ProbeError{ErrorCode::self_offline, Phase::connect,
                                        "this machine has no route to 192.0.2.1:80"}));
  EXPECT_EQ(prober().counters().waiting, 0U);
  for (const Expectation expect :
       {Expectation::open, Expectation::closed, Expectation::unreachable}) {
    monitor->expect = expect;
    const Evaluation evaluation = evaluate(*monitor, result());
    EXPECT_EQ(evaluation.verdict, Verdict::unknown);
    EXPECT_EQ(evaluation.reason,
              "This machine has no route to 192.0.2.1:80, so nothing is known of the target.");
  }
  monitor->expect = Expectation::open;
  monitor->should_fail = true;
  EXPECT_EQ(evaluate(*monitor, result()).verdict, Verdict::unknown);
}

TEST_F(ProberRouteTest, ARouterWithoutARouteAccusesTheNetwork) {
  start(monitor_of("192.0.2.1:80"));
  io_.kernel.icmp = IcmpNotice{.from = *IpAddress::parse("198.51.100.1"), .type = 3, .code = 0};
  connected(0, ENETUNREACH);
  EXPECT_EQ(code_of(result()), ErrorCode::network_unreachable);
}

// nft add rule inet filter output reject: the errno is that of a closed port. A neighbour that does
// not answer is told in the words of a router, too, and by us.
TEST_F(ProberRouteTest, WhatThisMachineItselfSaysIsNoRoutersWord) {
  io_.local = SocketAddress{.ip = *IpAddress::parse("192.0.2.10"), .port = 40000};
  const auto says = [&](uint8_t code, int error) {
    sink_.results.clear();
    io_.kernel.icmp = IcmpNotice{.from = io_.local->ip, .type = 3, .code = code};
    start(monitor_of("192.0.2.1:80"));
    connected(io_.connects.size() - 1, error);
    return *result().error;
  };
  constexpr uint8_t kHost = 1, kPort = 3, kProhibited = 13;
  EXPECT_EQ(says(kPort, ECONNREFUSED).code, ErrorCode::local_resource);
  EXPECT_EQ(says(kProhibited, EHOSTUNREACH).code, ErrorCode::local_resource);
  const ProbeError alone = says(kHost, EHOSTUNREACH);
  EXPECT_EQ(alone.code, ErrorCode::host_unreachable);
  EXPECT_EQ(explain_error(alone, *monitor_of("192.0.2.1:80"), result()),
            "Nobody on the network of this machine answers for 192.0.2.1:80: neither the host nor "
            "a router towards it.");
  io_.local->ip = *IpAddress::parse("192.0.2.1");  // the service is our own machine's
  EXPECT_EQ(says(kPort, ECONNREFUSED).code, ErrorCode::tcp_refused);
}

// ip route add unreachable (or blackhole) 192.0.2.0/24: the errno is that of a host that is off.
TEST_F(ProberRouteTest, ARouteThatRefusesIsOurs) {
  for (const int error : {EHOSTUNREACH, EINVAL, EADDRNOTAVAIL}) {
    io_.route_errors["192.0.2.1"] = error;
    start(monitor_of("192.0.2.1:80"));
    connected(io_.connects.size() - 1, error);
    EXPECT_EQ(code_of(result()), ErrorCode::self_offline) << error;
    sink_.results.clear();
  }
  io_.route_errors.clear();
  start(monitor_of("192.0.2.1:80"));
  connected(io_.connects.size() - 1, EHOSTUNREACH);
  EXPECT_EQ(code_of(result()), ErrorCode::host_unreachable) << "a host that is off";
}

// A machine without IPv6 is an ordinary one: IPv4 says what there is to say.
TEST_F(ProberRouteTest, AFamilyWithoutARouteHidesNoRefusalOfTheOther) {
  start(named(IpFamily::automatic, {"2001:db8::1", "192.0.2.1"}));
  connected(0, ENETUNREACH);
  connected(1, ECONNREFUSED);
  EXPECT_EQ(code_of(result()), ErrorCode::tcp_refused);
  EXPECT_EQ(result().error->detail,
            "192.0.2.1:80 answered with a reset; this machine has no route to [2001:db8::1]:80");
}

// The address that is not routed might have answered.
TEST_F(ProberRouteTest, OneAddressWithoutARouteAmongOthersOfItsFamilyLeavesNothingProven) {
  start(named(IpFamily::automatic, {"192.0.2.1", "198.51.100.1"}));
  connected(0, ECONNREFUSED);
  connected(1, ENETUNREACH);
  EXPECT_EQ(code_of(result()), ErrorCode::self_offline);
}

TEST_F(ProberRouteTest, WithAllAddressesTheOneWithoutARouteIsNotKnown) {
  auto monitor = named(IpFamily::all, {"192.0.2.1", "2001:db8::1"});
  start(monitor);
  connected(0, ENETUNREACH);
  connected(1);
  EXPECT_EQ(evaluate(*monitor, result()).verdict, Verdict::unknown);
  EXPECT_EQ(evaluate(*monitor, result()).reason,
            "This machine has no route to [2001:db8::1]:80, so nothing is known of the target. 1 "
            "of 2 addresses did not pass: [2001:db8::1]:80.");
  sink_.results.clear();
  start(monitor);
  connected(2, ENETUNREACH);
  connected(3, ECONNREFUSED);
  EXPECT_EQ(code_of(result()), ErrorCode::tcp_refused) << "a failure is worse";
}

// The kernel tells nobody that the route has gone: it sends the SYN, or our request, in vain.
TEST_F(ProberRouteTest, SilenceProvesNothingWhenTheRouteHasGone) {
  start(monitor_of("192.0.2.1:80"));
  io_.route_errors["192.0.2.1"] = ENETUNREACH;
  wait_out();
  EXPECT_EQ(code_of(result()), ErrorCode::self_offline);
  sink_.results.clear();
  start_talking();
  wait_out();
  EXPECT_EQ(code_of(result()), ErrorCode::self_offline);
  EXPECT_EQ(result().error->phase, Phase::connect);
  sink_.results.clear();
  io_.route_errors.clear();
  start(monitor_of("192.0.2.1:80"));
  wait_out();
  EXPECT_EQ(code_of(result()), ErrorCode::timeout);
}

// A default gateway that is off: every target behind it is "unreachable" at once, and none is
// accused. What is on this machine's own network still is, as it needs no router.
TEST_F(ProberRouteTest, ARouterOfOursThatIsSilentLeavesNothingProven) {
  io_.local = SocketAddress{.ip = *IpAddress::parse("192.0.2.10"), .port = 40000};
  io_.kernel.icmp = IcmpNotice{.from = io_.local->ip, .type = 3, .code = 1};
  io_.routers["198.51.100.1"] = {.ip = *IpAddress::parse("192.0.2.254"), .is_silent = true};
  start(monitor_of("198.51.100.1:80"));
  connected(0, EHOSTUNREACH);
  EXPECT_EQ(code_of(result()), ErrorCode::self_offline);
  EXPECT_EQ(evaluate(*monitor_of("198.51.100.1:80"), result()).reason,
            "This machine gets no answer from its own router 192.0.2.254 towards 198.51.100.1:80, "
            "so nothing is known of the target.");
  sink_.results.clear();
  start(monitor_of("192.0.2.77:80"));
  connected(1, EHOSTUNREACH);
  EXPECT_EQ(code_of(result()), ErrorCode::host_unreachable);
}

// The kernel looks for a router for 3 s before it says so; a shorter check sees silence.
TEST_F(ProberRouteTest, SilenceProvesNothingWhileTheRouterIsLookedFor) {
  io_.routers["198.51.100.1"] = {.ip = *IpAddress::parse("192.0.2.254"), .is_silent = true};
  start(monitor_of("198.51.100.1:80"));
  wait_out();
  EXPECT_EQ(code_of(result()), ErrorCode::self_offline);
  sink_.results.clear();
  io_.routers["198.51.100.1"].is_silent = false;
  start(monitor_of("198.51.100.1:80"));
  wait_out();
  EXPECT_EQ(code_of(result()), ErrorCode::timeout);
}

// Behind a proxy it is the route to the proxy that counts.
TEST_F(ProberRouteTest, AProxyWithoutARouteIsOurs) {
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->proxy = parse_proxy("http://198.51.100.1:3128").value();
  io_.route_errors["192.0.2.1"] = ENETUNREACH;
  start(monitor);
  connected(0, ENETUNREACH);
  EXPECT_EQ(result().error->detail, "this machine has no route to 198.51.100.1:3128");
}

}  // namespace
}  // namespace tocsin
