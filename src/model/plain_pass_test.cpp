#include "model/plain_pass.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace tocsin {
namespace {

constexpr SystemTime kSlot{Duration(1'795'269'860'000'000)};

Attempt plain_attempt() {
  Attempt attempt;
  ProbeResult& result = attempt.result;
  result.id = {.monitor = {7}, .location = 2, .clock_epoch = 3, .slot = kSlot};
  result.started = kSlot + 301us;
  result.scheduling_delay = 300us;
  result.response_time = 312us;
  result.phases.connect = 300us;
  result.kernel_rtt = 250us;
  result.bytes_received = 5;
  result.peer_closed = true;
  result.remote = SocketAddress{.ip = *IpAddress::parse("192.0.2.7"), .port = 443, .unix_path = {}};
  attempt.evaluation.verdict = Verdict::passed;
  attempt.evaluation.reason = "Connected in 312 µs.";
  return attempt;
}

TEST(PlainPass, AttemptComesBack) {
  const std::optional<PlainPass> pass = plain_pass_of(plain_attempt());
  ASSERT_TRUE(pass);
  EXPECT_TRUE(is_well_formed(*pass));
  EXPECT_EQ(pass->drift, 1);
  EXPECT_TRUE(attempt_of(*pass) == plain_attempt());
}

TEST(PlainPass, PassThatSaysNothingSaysNothingLater) {
  Attempt attempt = plain_attempt();
  attempt.evaluation.reason.clear();
  EXPECT_TRUE(attempt_of(plain_pass_of(attempt).value()) == attempt);
}

TEST(PlainPass, NumbersAtTheirBoundsComeBack) {
  Attempt attempt = plain_attempt();
  const Duration highest(std::numeric_limits<uint32_t>::max());
  ProbeResult& result = attempt.result;
  result.id.monitor.value = std::numeric_limits<int64_t>::max();
  result.response_time = result.scheduling_delay = result.loop_lag = highest;
  result.phases = {highest, highest, highest, highest};
  result.kernel_rtt = highest;
  result.started = kSlot + highest + Duration(std::numeric_limits<int32_t>::min());
  result.bytes_sent = result.bytes_received = std::numeric_limits<uint32_t>::max();
  attempt.evaluation.reason.clear();
  EXPECT_TRUE(attempt_of(plain_pass_of(attempt).value()) == attempt);
}

// Each of these takes the way of a row.
TEST(PlainPass, WhatDoesNotFitIsNotPlain) {
  const Duration too_long(std::numeric_limits<uint32_t>::max() + int64_t{1});
  const ProbeError refused{.code = ErrorCode::tcp_refused, .phase = Phase::connect};
  const std::pair<const char*, std::function<void(Attempt&)>> stories[] = {
      {"degraded", [](Attempt& a) { a.evaluation.verdict = Verdict::degraded; }},
      {"a pass that should fail", [&](Attempt& a) { a.evaluation.error = refused; }},
      {"an error that was expected", [&](Attempt& a) { a.result.error = refused; }},
      {"a retry", [](Attempt& a) { a.result.id.attempt = 2; }},
      {"a test of no monitor", [](Attempt& a) { a.result.id.monitor.value = 0; }},
      {"a unix socket", [](Attempt& a) { a.result.remote->unix_path = "/run/x"; }},
      {"another sentence", [](Attempt& a) { a.evaluation.reason = "As expected: closed."; }},
      {"the sentence of another time", [](Attempt& a) { a.result.response_time = 313us; }},
      {"a slot before 1970", [](Attempt& a) { a.result.id.slot = SystemTime(-1us); }},
      {"the last slot of all", [](Attempt& a) { a.result.id.slot = SystemTime::max(); }},
      {"a start before 1970", [](Attempt& a) { a.result.started = SystemTime::min(); }},
      {"a start long after its slot", [](Attempt& a) { a.result.started += 1h; }},
      {"a start before its slot", [](Attempt& a) { a.result.scheduling_delay = -1us; }},
      {"a time below 0", [](Attempt& a) { a.result.phases.dns = -1us; }},
      {"a time too long", [=](Attempt& a) { a.result.kernel_rtt = too_long; }},
      {"a delay too long", [=](Attempt& a) { a.result.scheduling_delay = Duration::max(); }},
      {"too many bytes", [](Attempt& a) { a.result.bytes_sent = uint64_t{1} << 32U; }}};
  for (const auto& [story, change] : stories) {
    Attempt attempt = plain_attempt();
    change(attempt);
    EXPECT_FALSE(plain_pass_of(attempt)) << story;
  }
}

TEST(PlainPass, AbsentNumbersAreZero) {
  const PlainPass good = plain_pass_of(plain_attempt()).value();
  const std::pair<const char*, std::function<void(PlainPass&)>> stories[] = {
      {"no monitor", [](PlainPass& p) { p.monitor = {}; }},
      {"a slot too late", [](PlainPass& p) { p.slot = SystemTime::max(); }},
      {"a phase that did not happen", [](PlainPass& p) { p.tls = 1; }},
      {"a bit of has that is none", [](PlainPass& p) { p.has |= 32; }},
      {"a flag that is none", [](PlainPass& p) { p.flags |= 32; }},
      {"a form that is none", [](PlainPass& p) { p.form = static_cast<PassForm>(3); }},
      {"a kind of address that is none",
       [](PlainPass& p) { p.remote = static_cast<RemoteKind>(3); }},
      {"an address too long", [](PlainPass& p) { p.ip[4] = 1; }},
      {"a port of no address", [](PlainPass& p) { p.remote = RemoteKind::none; }}};
  EXPECT_TRUE(is_well_formed(good));
  for (const auto& [story, change] : stories) {
    PlainPass pass = good;
    change(pass);
    EXPECT_FALSE(is_well_formed(pass)) << story;
  }
}

}  // namespace
}  // namespace tocsin
