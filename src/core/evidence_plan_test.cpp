#include "core/evidence_plan.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

Monitor monitor_of(std::string_view target) {
  Monitor monitor;
  monitor.target = Target::parse(target).value();
  return monitor;
}

Attempt failed(ErrorCode code, Phase phase) {
  Attempt attempt;
  attempt.result.remote = SocketAddress{.ip = *IpAddress::parse("10.0.0.5"), .port = 443};
  attempt.evaluation = {.verdict = Verdict::failed, .error = ProbeError{code, phase, ""}};
  return attempt;
}

// Each kind of failure asks what it leaves open, and no more: the traffic goes to somebody's host.
TEST(EvidencePlan, AsksWhatTheFailureLeavesOpen) {
  struct Row {
    const char* why;
    const char* target;
    ErrorCode code;
    Phase phase;
    EvidencePlan wanted;
  };
  const Row rows[] = {
      {"silence at a literal",
       "10.0.0.5:443",
       ErrorCode::timeout,
       Phase::connect,
       {.second_try = true, .closed_port = true, .walk = true}},
      {"silence at a name",
       "db.example.com:443",
       ErrorCode::timeout,
       Phase::connect,
       {.second_try = true, .name = true, .others = true, .closed_port = true, .walk = true}},
      {"a router said no",
       "10.0.0.5:443",
       ErrorCode::admin_prohibited,
       Phase::connect,
       {.second_try = true, .closed_port = true}},
      {"a reset proves life",
       "db.example.com:443",
       ErrorCode::tcp_refused,
       Phase::connect,
       {.second_try = true, .name = true, .others = true}},
      {"open, then silent", "10.0.0.5:443", ErrorCode::timeout, Phase::data, {.second_try = true}},
      {"cut in the handshake",
       "db.example.com:443",
       ErrorCode::conn_reset,
       Phase::tls,
       {.second_try = true, .name = true, .others = true}},
      {"it answered otherwise",
       "db.example.com:443",
       ErrorCode::assertion_failed,
       Phase::data,
       {.second_try = true, .name = true}},
      {"a local socket",
       "unix:/run/x.sock",
       ErrorCode::tcp_refused,
       Phase::connect,
       {.second_try = true}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(plan_evidence(monitor_of(row.target), failed(row.code, row.phase)), row.wanted)
        << row.why;
  }
}

// A name that is not there has no host to knock at.
TEST(EvidencePlan, ANameWithoutAddressHasNoHost) {
  Attempt gone = failed(ErrorCode::host_not_found, Phase::dns);
  gone.result.remote.reset();
  EXPECT_EQ(plan_evidence(monitor_of("db.example.com:443"), gone),
            (EvidencePlan{.second_try = true, .asks_anew = true, .name = true, .others = true}));
}

// Our own trouble, and what is merely slow, is nothing to look into.
TEST(EvidencePlan, OnlyAFailureIsLookedInto) {
  Attempt attempt = failed(ErrorCode::local_resource, Phase::connect);
  for (const Verdict verdict : {Verdict::passed, Verdict::degraded, Verdict::unknown}) {
    attempt.evaluation.verdict = verdict;
    EXPECT_EQ(plan_evidence(monitor_of("10.0.0.5:443"), attempt), EvidencePlan());
  }
}

TEST(EvidencePlan, TheClosedPortIsNeverTheMonitorsOwn) {
  EXPECT_EQ(closed_port_beside(443), 1);
  EXPECT_EQ(closed_port_beside(1), 2);
}

}  // namespace
}  // namespace tocsin
