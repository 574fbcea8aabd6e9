// The way to a target: which source, whose answer, through which proxy, and whose fault it is when
// there is none.
#include <gtest/gtest.h>

#include "core/evaluate.h"
#include "probe/test_prober.h"

namespace tocsin {
namespace {

using std::string_literals::operator""s;

class ProberWayTest : public ProberTest {
 protected:
  static std::shared_ptr<Monitor> behind(std::string_view proxy, std::string_view target) {
    auto monitor = monitor_of(target);
    monitor->proxy = parse_proxy(proxy).value();
    return monitor;
  }
  SlotIndex slot() { return io_.connects.at(0).slot; }
  void sent() { event({.slot = slot(), .kind = IoKind::sent, .at = clock_.now}); }
};

TEST_F(ProberWayTest, ASourceIsBoundAndOneThatIsNotOursIsOurFault) {
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->source = IpAddress::parse("192.0.2.10");
  start(monitor);
  EXPECT_EQ(io_.sources.at(0), monitor->source);
  connected(0, kNoSuchSource);
  EXPECT_EQ(result().error, (ProbeError{ErrorCode::local_resource, Phase::connect,
                                        "this machine does not have the source address "
                                        "192.0.2.10"}));
}

TEST_F(ProberWayTest, TheServersSourceIsThatOfTheFamily) {
  prober({.sources = {*IpAddress::parse("192.0.2.10"), *IpAddress::parse("2001:db8::10")}});
  start(monitor_of("192.0.2.1:80"));
  start(monitor_of("[2001:db8::1]:80"));
  start(monitor_of("unix:/run/x"));
  EXPECT_EQ(io_.sources.at(0)->text(), "192.0.2.10");
  EXPECT_EQ(io_.sources.at(1)->text(), "2001:db8::10");
  EXPECT_FALSE(io_.sources.at(2));
}

// Only addresses that can be reached from there are asked for.
TEST_F(ProberWayTest, ASourceOfOneFamilyAsksForThatFamily) {
  auto monitor = monitor_of("db:80");
  monitor->ip_family = IpFamily::automatic;
  monitor->source = IpAddress::parse("2001:db8::10");
  start(monitor);
  EXPECT_EQ(resolver_.last_wish, AddressWish::v6);
}

TEST_F(ProberWayTest, Socks5ThenTheServiceSpeaks) {
  auto monitor = behind("socks5://192.0.2.9:1080", "db:22");
  monitor->request = {ExpectStep{.pattern = "SSH-"}};
  start(monitor);
  EXPECT_EQ(io_.connects.at(0).to, "192.0.2.9:1080") << "the name is the proxy's to look up";
  wait(2ms);
  connected(0);
  sent();
  wait(1ms);
  received(slot(), "\5\0"s);
  sent();
  wait(5ms);
  received(slot(), "\5\0\0\1\0\0\0\0\0\0SSH-2.0-x\r\n"s);
  EXPECT_FALSE(result().error);
  EXPECT_EQ(result().received, "SSH-2.0-x\r\n");
  EXPECT_FALSE(result().remote);
  ASSERT_TRUE(result().proxy);
  EXPECT_EQ(result().proxy->address->text(), "192.0.2.9:1080");
  EXPECT_EQ(result().proxy->reached, 2ms);
  EXPECT_EQ(result().proxy->through, 6ms);
  EXPECT_EQ(result().phases.connect, 8ms);
}

TEST_F(ProberWayTest, ConnectOnlyEndsWhenTheProxyIsThrough) {
  start(behind("http://192.0.2.9:8080", "db:22"));
  wait(2ms);
  connected(0);
  EXPECT_EQ(io_.sent[slot()], "CONNECT db:22 HTTP/1.1\r\nHost: db:22\r\n\r\n");
  wait(3ms);
  received(slot(), "HTTP/1.1 200 OK\r\n\r\n");
  EXPECT_FALSE(result().error);
  EXPECT_EQ(result().response_time, 5ms);
}

// A broken proxy is not the target down.
TEST_F(ProberWayTest, AProxyThatRefusesTheConnectionIsProxyFailed) {
  start(behind("socks5://192.0.2.9:1080", "db:22"));
  connected(0, ECONNREFUSED);
  EXPECT_EQ(result().error,
            (ProbeError{ErrorCode::proxy_failed, Phase::connect,
                        "the proxy 192.0.2.9:1080 cannot be reached: 192.0.2.9:1080 answered with "
                        "a reset"}));
  EXPECT_EQ(result().proxy->address->text(), "192.0.2.9:1080");
}

TEST_F(ProberWayTest, AProxyWhoseNameIsUnknownIsProxyFailed) {
  resolver_.names["proxy"] = {.error = ProbeError{ErrorCode::host_not_found, Phase::dns, ""}};
  start(behind("socks5://proxy:1080", "db:22"));
  look();
  EXPECT_EQ(code_of(result()), ErrorCode::proxy_failed);
}

TEST_F(ProberWayTest, WhatTheProxySaysOfTheTargetIsTheTargets) {
  start(behind("socks5://192.0.2.9:1080", "db:22"));
  connected(0);
  received(slot(), "\5\0\5\4"s);
  EXPECT_EQ(result().error, (ProbeError{ErrorCode::host_unreachable, Phase::connect,
                                        "proxy refused: host unreachable (SOCKS5 reply 4)"}));
}

// A timeout of the proxy's, told in time: what we were late is no part of it.
TEST_F(ProberWayTest, AProxysOwnTimeoutIsItsWordAndFailed) {
  const auto talk = [&](std::string_view proxy, const std::vector<std::string>& answers) {
    sink_.results.clear();
    io_.connects.clear();
    const auto monitor = behind(proxy, "db:22");
    start(monitor);
    stall(80us);
    connected(0);
    for (const std::string& answer : answers) {
      stall(80us);
      received(slot(), answer);
    }
    EXPECT_GT(result().loop_lag, 0us);
    return evaluate(*monitor, result());
  };
  for (const Evaluation& evaluation :
       {talk("http://192.0.2.9:8080", {"HTTP/1.1 504 Gateway Timeout\r\n\r\n"}),
        talk("socks5://192.0.2.9:1080", {"\5\0"s, "\5\6\0\1\0\0\0\0\0\0"s})}) {
    EXPECT_EQ(evaluation.verdict, Verdict::failed) << evaluation.reason;
    ASSERT_TRUE(evaluation.error);
    EXPECT_EQ(evaluation.error->code, ErrorCode::timeout);
    EXPECT_TRUE(evaluation.reason.starts_with("The proxy 192.0.2.9:")) << evaluation.reason;
  }
}

TEST_F(ProberWayTest, AProxyThatHangsUpIsProxyFailed) {
  start(behind("http://192.0.2.9:8080", "db:22"));
  connected(0);
  received(slot(), "");
  EXPECT_EQ(code_of(result()), ErrorCode::proxy_failed);
}

// SOCKS5: one that has greeted works, so that silence is the target's; before that it is its own.
TEST_F(ProberWayTest, SilenceIsTheTargetsOnceTheProxyHasGreeted) {
  for (const bool greets : {false, true}) {
    sink_.results.clear();
    io_.connects.clear();
    start(behind("socks5://192.0.2.9:1080", "db:22"));
    connected(0);
    if (greets) {
      received(slot(), "\5\0"s);
    }
    pass(std::chrono::seconds(11));
    EXPECT_EQ(code_of(result()), greets ? ErrorCode::timeout : ErrorCode::proxy_failed);
  }
}

// HTTP: it is asked for itself when half the time is over. One that answers has a silent target
// behind it; of one that hangs nothing is known.
TEST_F(ProberWayTest, ASilentHttpProxyIsAskedForItself) {
  for (const bool hangs : {false, true}) {
    sink_.results.clear();
    io_.connects.clear();
    io_.sent.clear();
    start(behind("http://192.0.2.9:8080", "db:22"));
    connected(0);
    pass(4900ms);
    EXPECT_EQ(io_.connects.size(), 1U);
    pass(101ms);
    ASSERT_EQ(io_.connects.size(), 2U);
    EXPECT_EQ(io_.connects[1].to, "192.0.2.9:8080");
    connected(1);
    EXPECT_EQ(io_.sent[io_.connects[1].slot],
              "OPTIONS * HTTP/1.1\r\nHost: 192.0.2.9:8080\r\nMax-Forwards: 0\r\n"
              "Connection: close\r\n\r\n");
    if (!hangs) {
      received(io_.connects[1].slot, "HTTP/1.1 400 Bad Request\r\n\r\n");
    }
    EXPECT_TRUE(sink_.results.empty());
    pass(std::chrono::seconds(6));
    EXPECT_EQ(result().error,
              hangs ? (ProbeError{ErrorCode::proxy_failed, Phase::connect,
                                  "the proxy took the connection and gave no answer within 10s, "
                                  "nor when it was asked for itself"})
                    : (ProbeError{ErrorCode::timeout, Phase::connect,
                                  "no answer within 10s, though the proxy itself answers"}));
    pass(std::chrono::seconds(2));
  }
}

// It asks in vain, or it comes through after all: the second connection goes away with the first.
TEST_F(ProberWayTest, ASlowHttpProxyComesThroughWhileItIsAsked) {
  for (const int error : {0, ECONNREFUSED}) {
    sink_.results.clear();
    io_.connects.clear();
    start(behind("http://192.0.2.9:8080", "db:22"));
    connected(0);
    pass(std::chrono::seconds(6));
    ASSERT_EQ(io_.connects.size(), 2U);
    connected(1, error);
    received(slot(), "HTTP/1.1 200 OK\r\n\r\n");
    EXPECT_FALSE(result().error);
    EXPECT_FALSE(io_.receiving.contains(io_.connects[1].slot));
    pass(std::chrono::seconds(2));
  }
  EXPECT_EQ(prober().counters().in_flight, 0U);
}

// All slots are in use by checks: nothing proves that the proxy works.
TEST_F(ProberWayTest, WithoutASlotToAskWithNothingIsKnown) {
  io_.slots = 1;
  start(behind("http://192.0.2.9:8080", "db:22"));
  connected(0);
  pass(std::chrono::seconds(6));
  EXPECT_EQ(io_.connects.size(), 1U);
  pass(std::chrono::seconds(5));
  EXPECT_EQ(code_of(result()), ErrorCode::proxy_failed);
}

// A server that speaks before TLS begins does not speak TLS at once.
TEST_F(ProberWayTest, WordsBeforeDirectTlsAreTold) {
  auto monitor = behind("http://192.0.2.9:8080", "db:22");
  monitor->tls.mode = TlsMode::direct;
  start(monitor);
  connected(0);
  received(slot(), "HTTP/1.1 200 OK\r\n\r\n220 plain\r\n");
  EXPECT_EQ(code_of(result()), ErrorCode::tls_handshake);
}

// The gate stands in front of what is written: an address behind a proxy, and resolvers.
TEST_F(ProberWayTest, TheGateIsNotGoneRoundThroughAProxyOrAResolver) {
  start(behind("socks5://192.0.2.9:1080", "169.254.169.254:80"));
  look();
  EXPECT_EQ(code_of(result()), ErrorCode::reach_denied);
  sink_.results.clear();
  auto monitor = monitor_of("db:80");
  monitor->resolver = {{.ip = *IpAddress::parse("169.254.169.254"), .port = 53}};
  start(monitor);
  look();
  EXPECT_EQ(code_of(result()), ErrorCode::reach_denied);
  EXPECT_TRUE(io_.connects.empty());
}

// A second try of a name that failed proves something only when the resolver is asked again, and
// not the memory of its first answer.
TEST_F(ProberWayTest, ANameIsLookedUpPastTheCacheWhenThatIsAskedFor) {
  resolver_.names["db"] = {.error = ProbeError{ErrorCode::host_not_found, Phase::dns, ""}};
  resolver_.names_now["db"] = {.addresses = {*IpAddress::parse("192.0.2.1")}};
  prober().start({.monitor = monitor_of("db:80")});
  look();
  EXPECT_EQ(code_of(result()), ErrorCode::host_not_found);
  sink_.results.clear();
  prober().start({.monitor = monitor_of("db:80"), .asks_anew = true});
  connected(0);
  EXPECT_FALSE(result().error);
}

}  // namespace
}  // namespace tocsin
