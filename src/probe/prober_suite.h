// What the probe engine does against peers of every kind, written once for every network it runs
// on: a lab that can make such peers is all that an implementation of ProbeIo brings
// (prober_test.cpp: epoll and io_uring on loopback).
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "probe/probe_lab.h"

namespace tocsin {

class ProberSuite : public ProbeLabTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ProberSuite);

TEST_P(ProberSuite, AnOpenPortPasses) {
  const ProbeResult result = probe(monitor_of(lab_->peer({})));
  EXPECT_FALSE(result.error);
  EXPECT_TRUE(result.local);
  EXPECT_EQ(result.phases.dns, std::nullopt);
  EXPECT_EQ(result.phases.data, std::nullopt);
  EXPECT_EQ(result.response_time, result.phases.connect);
}

TEST_P(ProberSuite, AClosedPortIsRefused) {
  const SocketAddress target = lab_->closed_port();
  const ProbeResult result = probe(monitor_of(target));
  EXPECT_EQ(result.error, (ProbeError{ErrorCode::tcp_refused, Phase::connect,
                                      target.text() + " answered with a reset"}));
}

// The promise to every service that is probed: fin shows it an orderly end, even when it had
// something to say.
TEST_P(ProberSuite, APeerNeverSeesAResetFromAPoliteClose) {
  const SocketAddress silent = lab_->peer({});
  const SocketAddress greeting = lab_->peer({.says = "SSH-2.0-banner\r\n"});
  for (const SocketAddress& peer : {silent, greeting}) {
    for (size_t i = 1; i <= 5; ++i) {
      EXPECT_FALSE(probe(monitor_of(peer)).error);
      EXPECT_EQ(ends_of(peer, i).ended_by_reset, 0U);
    }
  }
}

TEST_P(ProberSuite, AResetCloseIsSeenAsOne) {
  const SocketAddress peer = lab_->peer({});
  auto monitor = monitor_of(peer);
  monitor->close = CloseMode::rst;
  EXPECT_FALSE(probe(monitor).error);
  EXPECT_EQ(ends_of(peer).ended_by_reset, 1U);
}

TEST_P(ProberSuite, ABannerIsReadAndKept) {
  const SocketAddress peer = lab_->peer({.says = "220 mail.example\r\n"});
  auto monitor = monitor_of(peer);
  monitor->request = {ExpectStep{.pattern = "220 "}};
  const ProbeResult result = probe(monitor);
  EXPECT_FALSE(result.error);
  EXPECT_EQ(result.received, "220 mail.example\r\n");
  EXPECT_GE(result.response_time, *result.phases.connect);
  EXPECT_EQ(ends_of(peer).ended_by_reset, 0U);
}

TEST_P(ProberSuite, AnAnswerToWhatWasSentIsRead) {
  const SocketAddress peer = lab_->peer({.answers = "+PONG\r\n"});
  auto monitor = monitor_of(peer);
  monitor->request = {SendStep{"PING\r\n"}, ExpectStep{.pattern = "+PONG"}};
  const ProbeResult result = probe(monitor);
  EXPECT_FALSE(result.error);
  EXPECT_EQ(result.bytes_sent, 6U);
  EXPECT_EQ(result.received, "+PONG\r\n");
  EXPECT_EQ(ends_of(peer).received, "PING\r\n");
}

// What a group took is sent, and each step has its time.
TEST_P(ProberSuite, WhatWasCapturedIsSentBack) {
  const SocketAddress peer = lab_->peer({.says = "id=17\r\n", .answers = "ok"});
  auto monitor = monitor_of(peer);
  monitor->request = {ExpectStep{.pattern = "id=(\\d+)", .is_regex = true},
                      SendStep{.bytes = "<>", .captures = {{.at = 1, .group = "1"}}},
                      ExpectStep{.pattern = "ok"}};
  const ProbeResult result = probe(monitor);
  EXPECT_FALSE(result.error);
  EXPECT_EQ(ends_of(peer).received, "<17>");
  ASSERT_EQ(result.steps.size(), 3U);
  EXPECT_EQ(result.steps[1].kind, StepTime::Kind::send);
  EXPECT_GE(result.steps[2].at, result.steps[0].at + result.steps[0].took);
  EXPECT_LE(result.steps[2].at + result.steps[2].took, result.response_time);
  EXPECT_FALSE(result.steps[2].failed);
}

// The whole 127.0.0.0/8 is this machine's; a test network of the documentation is nobody's.
TEST_P(ProberSuite, AProbeComesFromItsSource) {
  auto monitor = monitor_of(lab_->peer({}));
  monitor->source = IpAddress::parse("127.0.0.9");
  const ProbeResult from = probe(monitor);
  EXPECT_FALSE(from.error);
  ASSERT_TRUE(from.local);
  EXPECT_EQ(from.local->ip, *monitor->source);
  monitor = monitor_of(lab_->peer({}));
  monitor->source = IpAddress::parse("192.0.2.10");
  const ProbeResult nowhere = probe(monitor);
  ASSERT_TRUE(nowhere.error);
  EXPECT_EQ(nowhere.error->code, ErrorCode::local_resource);
  EXPECT_NE(nowhere.error->detail.find("192.0.2.10"), std::string::npos);
}

// The peer plays the proxy and the service behind it.
TEST_P(ProberSuite, ATalkGoesThroughAProxyAndEndsInOrder) {
  const SocketAddress peer = lab_->peer({.answers = "HTTP/1.1 200 OK\r\n\r\n220 hello\r\n"});
  auto monitor = monitor_of(peer);
  monitor->target = Target::parse("db.internal:6379").value();
  monitor->proxy = Proxy{.kind = ProxyKind::http, .at = Target::parse(peer.text()).value()};
  monitor->request = {ExpectStep{.pattern = "220 "}};
  const ProbeResult result = probe(monitor);
  EXPECT_FALSE(result.error);
  EXPECT_EQ(result.received, "220 hello\r\n");
  ASSERT_TRUE(result.proxy && result.proxy->through);
  EXPECT_EQ(*result.phases.connect, *result.proxy->reached + *result.proxy->through);
  const PeerReport report = ends_of(peer);
  EXPECT_EQ(report.received, "CONNECT db.internal:6379 HTTP/1.1\r\nHost: db.internal:6379\r\n\r\n");
  EXPECT_EQ(report.ended_by_reset, 0U);
}

// 64 KiB fit into no socket buffer at once everywhere; they leave in pieces.
TEST_P(ProberSuite, ALargeRequestLeavesWhole) {
  const SocketAddress peer = lab_->peer({.answers = "ok"});
  auto monitor = monitor_of(peer);
  monitor->request = {SendStep{std::string(size_t{64} * 1024, 's')}, ExpectStep{.pattern = "ok"}};
  const ProbeResult result = probe(monitor);
  EXPECT_FALSE(result.error);
  EXPECT_EQ(result.sent.size(), 4096U);
  EXPECT_EQ(ends_of(peer).received.size(), 64U * 1024);
}

TEST_P(ProberSuite, SilenceWhereAnAnswerIsExpectedIsATimeoutInData) {
  auto monitor = monitor_of(lab_->peer({}));
  monitor->timeout = 60ms;
  monitor->request = {ExpectStep{.pattern = "220"}};
  const ProbeResult result = probe(monitor);
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->code, ErrorCode::timeout);
  EXPECT_EQ(result.error->phase, Phase::data);
  ASSERT_EQ(result.steps.size(), 1U);
  EXPECT_TRUE(result.steps[0].failed);
  EXPECT_EQ(result.response_time, 60ms);
  EXPECT_TRUE(result.phases.connect);
}

// Half a banner and then the end: what came is evidence and is kept.
TEST_P(ProberSuite, ABannerCutShortIsClosedEarly) {
  auto monitor = monitor_of(lab_->peer({.says = "22", .then = PeerScript::Then::close}));
  monitor->request = {ExpectStep{.pattern = "220 "}};
  const ProbeResult result = probe(monitor);
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->code, ErrorCode::closed_early);
  EXPECT_EQ(result.received, "22");
  EXPECT_TRUE(result.peer_closed);
}

TEST_P(ProberSuite, AResetInTheMiddleIsConnReset) {
  auto monitor = monitor_of(lab_->peer({.answers = "half", .then = PeerScript::Then::reset}));
  monitor->request = {SendStep{"?"}, ExpectStep{.pattern = "whole"}};
  const ProbeResult result = probe(monitor);
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->code, ErrorCode::conn_reset);
  EXPECT_EQ(result.error->phase, Phase::data);
}

// A port that accepts and hangs up is open: with nothing to say the verdict was known before.
TEST_P(ProberSuite, AHangUpAfterTheVerdictIsNoFailure) {
  for (const auto then : {PeerScript::Then::close, PeerScript::Then::reset}) {
    EXPECT_FALSE(probe(monitor_of(lab_->peer({.then = then}))).error);
  }
}

// Memory is bounded whatever a peer sends.
TEST_P(ProberSuite, AnEndlessAnswerIsCutAt64KiB) {
  auto monitor = monitor_of(lab_->peer({.then = PeerScript::Then::flood}));
  monitor->request = {ExpectStep{.pattern = "never there"}};
  const ProbeResult result = probe(monitor);
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->code, ErrorCode::expect_mismatch);
  EXPECT_EQ(result.received.size(), 64U * 1024);
  EXPECT_TRUE(result.received_truncated);
}

// More probes than slots: all end, all well; the last ones late and said to be so.
TEST_P(ProberSuite, MoreProbesThanSlotsAreDelayedAndNotFailed) {
  const SocketAddress peer = lab_->peer({});
  prober_ = std::make_unique<Prober>(lab_->io(), resolver_, lab_->clock(), reach_, sink_,
                                     ProberSettings{.slots_max = 2});
  for (uint64_t tag = 0; tag < 10; ++tag) {
    prober_->start({.monitor = monitor_of(peer),
                    .id = {.monitor = {1}, .slot = lab_->clock().system_now()},
                    .tag = tag});
  }
  EXPECT_EQ(prober_->counters().queued, 8U);
  run_until([&] { return sink_.results.size() == 10; });
  for (const auto& [tag, result] : sink_.results) {
    EXPECT_FALSE(result.error) << tag;
  }
  EXPECT_GT(sink_.results.back().second.scheduling_delay, 0us);
  EXPECT_EQ(ends_of(peer, 10).ended_by_reset, 0U);
}

}  // namespace tocsin
