// TLS and STARTTLS through the engine, against real listeners on loopback.
#include <gtest/gtest.h>

#include "base/scratch_folder.h"
#include "core/evaluate.h"
#include "probe/loopback_lab.h"
#include "probe/probe_lab.h"

namespace tocsin {
namespace {

class ProberTls : public ProbeLabTest {
 protected:
  std::shared_ptr<Monitor> tls_monitor(const TestCertificate& identity, PeerScript script = {}) {
    script.identity = identity;
    peer_ = lab_->peer(std::move(script));
    auto monitor = monitor_of(peer_);
    monitor->tls = {.mode = TlsMode::direct, .ca_file = folder_.file("ca.pem", authority_.pem())};
    return monitor;
  }
  TestCertificate leaf(CertificateWish wish = {}) {
    if (wish.names.empty()) {
      wish.names = {"IP:127.0.0.1"};
    }
    return signed_by(authority_, wish);
  }
  // As the engine does it on its schedule.
  ProbeResult watch(const std::shared_ptr<const Monitor>& monitor, bool retry = false) {
    const size_t before = sink_.results.size();
    prober_->start({.monitor = monitor, .id = {.monitor = {7}}, .retry = retry});
    run_until([&] { return sink_.results.size() > before; });
    return sink_.results.back().second;
  }
  ErrorCode error_of(const ProbeResult& result) {
    EXPECT_TRUE(result.error && result.error->phase == Phase::tls);
    EXPECT_TRUE(result.phases.tls);
    return result.error ? result.error->code : ErrorCode::timeout;
  }

  ScratchFolder folder_;
  TestCertificate authority_ = self_signed({.common_name = "Test CA", .is_authority = true});
  SocketAddress peer_;
};
INSTANTIATE_TEST_SUITE_P(Loopback, ProberTls, testing::ValuesIn(labs()), lab_name);

TEST_P(ProberTls, AGoodCertificatePassesAndItsFactsAreKept) {
  const ProbeResult result = probe(tls_monitor(leaf()));
  EXPECT_FALSE(result.error) << result.error->detail;
  ASSERT_TRUE(result.tls);
  EXPECT_EQ(result.tls->version, "TLSv1.3");
  EXPECT_EQ(result.tls->names, std::vector<std::string>{"127.0.0.1"});
  EXPECT_EQ(result.response_time, *result.phases.connect + *result.phases.tls);
  EXPECT_EQ(ends_of(peer_).ended_by_reset, 0U);
}

TEST_P(ProberTls, ATroubledCertificateIsNamedAndItsFactsAreKept) {
  const ProbeResult expired =
      probe(tls_monitor(leaf({.valid_from_days = -9, .valid_until_days = -2})));
  EXPECT_EQ(error_of(expired), ErrorCode::tls_expired);
  EXPECT_EQ(expired.tls->issuer, "CN=Test CA");
  EXPECT_EQ(error_of(probe(tls_monitor(self_signed({.names = {"IP:127.0.0.1"}})))),
            ErrorCode::tls_untrusted);
  EXPECT_EQ(error_of(probe(tls_monitor(leaf({.names = {"DNS:other.example"}})))),
            ErrorCode::tls_name_mismatch);
}

// TLS 1.3 is done with the handshake before the server has looked at our certificate: what it says
// of it is waited for.
TEST_P(ProberTls, AServerThatWantsToKnowUsMayRefuseUs) {
  const auto monitor = tls_monitor(leaf(), {.client_authority = authority_});
  const ProbeResult refused = probe(monitor);
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(error_of(refused), ErrorCode::tls_handshake);
  EXPECT_EQ(refused.error->detail,
            "the server said: certificate required, after it had asked for a client certificate");
  const auto said = tls_monitor(leaf(), {.client_authority = authority_});
  const TestCertificate own = signed_by(authority_, {.common_name = "probe"});
  said->tls.certificate_file = folder_.file("own.pem", own.pem() + own.key_pem());
  const ProbeResult known = probe(said);
  EXPECT_FALSE(known.error) << known.error->detail;
  EXPECT_EQ(known.response_time, *known.phases.connect + *known.phases.tls);
  const auto stranger = tls_monitor(leaf(), {.client_authority = authority_});
  const TestCertificate other = self_signed({.common_name = "stranger"});
  stranger->tls.certificate_file = folder_.file("other.pem", other.pem() + other.key_pem());
  EXPECT_EQ(error_of(probe(stranger)), ErrorCode::tls_handshake);
}

TEST_P(ProberTls, ADialogueRunsInsideTls) {
  auto monitor = tls_monitor(leaf(), {.answers = "+PONG\r\n"});
  monitor->request = {SendStep{"PING\r\n"}, ExpectStep{.pattern = "+PONG"}};
  const ProbeResult result = probe(monitor);
  EXPECT_FALSE(result.error) << result.error->detail;
  EXPECT_EQ(result.received, "+PONG\r\n");
  EXPECT_TRUE(result.phases.tls && result.phases.data);
  EXPECT_EQ(ends_of(peer_).ended_by_reset, 0U);
}

TEST_P(ProberTls, PlainTextWhereTlsIsWantedIsAFailedHandshake) {
  auto monitor = monitor_of(lab_->peer({.says = "220 mail.example\r\n"}));
  monitor->tls.mode = TlsMode::direct;
  EXPECT_EQ(error_of(probe(monitor)), ErrorCode::tls_handshake);
  monitor = monitor_of(lab_->peer({.answers = "x", .then = PeerScript::Then::close}));
  monitor->tls.mode = TlsMode::direct;
  EXPECT_EQ(error_of(probe(monitor)), ErrorCode::tls_handshake);
}

TEST_P(ProberTls, ASilentServerIsATimeoutInTls) {
  auto monitor = monitor_of(lab_->peer({}));
  monitor->tls.mode = TlsMode::direct;
  monitor->timeout = 60ms;
  const ProbeResult result = probe(monitor);
  EXPECT_EQ(error_of(result), ErrorCode::timeout);
  EXPECT_EQ(result.response_time, 60ms);
}

// Read before the clock starts: what our disk takes is no time of the server's, and without the
// files nobody is connected to.
TEST_P(ProberTls, FilesOfOursAreReadBeforeTheAttempt) {
  const auto monitor = tls_monitor(leaf());
  monitor->tls.ca_file = folder_.path() / "gone.pem";
  for (const TlsMode mode : {TlsMode::direct, TlsMode::starttls}) {
    monitor->tls.mode = mode;
    const ProbeResult result = probe(monitor);
    ASSERT_TRUE(result.error);
    EXPECT_EQ(result.error->code, ErrorCode::local_resource);
    EXPECT_EQ(result.error->phase, Phase::tls);
    EXPECT_EQ(result.phases.connect, std::nullopt) << "no connection is made in vain";
    EXPECT_EQ(result.response_time, Duration(0));
  }
}

// The engine resumes the sessions of what it watches; the certificate is told all the same.
TEST_P(ProberTls, TheNextCheckResumesTheSession) {
  const auto monitor = tls_monitor(leaf());
  for (int i = 0; i < 3; ++i) {
    const ProbeResult result = watch(monitor);
    EXPECT_FALSE(result.error) << result.error->detail;
    EXPECT_EQ(result.tls->resumed, i > 0);
    EXPECT_EQ(result.tls->names, std::vector<std::string>{"127.0.0.1"});
    ends_of(peer_, static_cast<size_t>(i) + 1);
  }
  EXPECT_EQ(ends_of(peer_, 3).resumed, 2U);
}

// Who asks once, and who looks again after a failure, wants to see the certificate.
TEST_P(ProberTls, ATestAndARetryShakeHandsInFull) {
  const auto monitor = tls_monitor(leaf());
  watch(monitor);
  ends_of(peer_);
  EXPECT_FALSE(probe(monitor).tls->resumed);
  EXPECT_FALSE(watch(monitor, true).tls->resumed);
  EXPECT_TRUE(watch(monitor).tls->resumed);
}

// Resuming was our idea: a server that cannot is no worse for it.
TEST_P(ProberTls, AServerThatChokesOnASessionIsAskedAgainWithout) {
  const auto monitor = tls_monitor(leaf(), {.chokes_on_sessions = true});
  for (int i = 0; i < 4; ++i) {
    const ProbeResult result = watch(monitor);
    EXPECT_FALSE(result.error) << result.error->detail;
    EXPECT_FALSE(result.tls->resumed);
    EXPECT_EQ(result.response_time, *result.phases.connect + *result.phases.tls);
  }
}

// The loop only carries the bytes.
TEST_P(ProberTls, HandshakesAreComputedOnOtherThreads) {
  prober_ = std::make_unique<Prober>(lab_->io(), resolver_, lab_->clock(), reach_, sink_,
                                     ProberSettings{.crypto_threads = 2});
  const auto good = tls_monitor(leaf(), {.answers = "+PONG"});
  good->request = {SendStep{"PING"}, ExpectStep{.pattern = "+PONG"}};
  const auto expired = tls_monitor(leaf({.valid_from_days = -9, .valid_until_days = -2}));
  for (uint64_t tag = 0; tag < 40; ++tag) {
    prober_->start({.monitor = tag % 2 == 0 ? good : expired,
                    .id = {.monitor = {1 + static_cast<int64_t>(tag % 2)}},
                    .tag = tag});
  }
  run_until([&] { return sink_.results.size() == 40; });
  for (const auto& [tag, result] : sink_.results) {
    if (tag % 2 == 0) {
      EXPECT_FALSE(result.error) << result.error->detail;
      EXPECT_EQ(result.received, "+PONG");
    } else {
      EXPECT_EQ(error_of(result), ErrorCode::tls_expired);
    }
  }
}

// A handshake is under way elsewhere while its check is forgotten, and while all ends.
TEST_P(ProberTls, WhatIsComputedForNobodyIsDropped) {
  prober_ = std::make_unique<Prober>(lab_->io(), resolver_, lab_->clock(), reach_, sink_,
                                     ProberSettings{.crypto_threads = 1});
  const auto monitor = tls_monitor(leaf());
  for (int64_t round = 1; round <= 20; ++round) {
    prober_->start({.monitor = monitor, .id = {.monitor = {round}}});
    run_until([&, turns = 0]() mutable { return ++turns > round % 5; });
    prober_->forget({round});
  }
  EXPECT_FALSE(probe(monitor).error);
  prober_->start({.monitor = monitor, .id = {.monitor = {7}}});
  run_until([turns = 0]() mutable { return ++turns > 2; });
  prober_.reset();
}

// Nobody has spoken of TLS yet when a server at its limit hangs up on us.
TEST_P(ProberTls, BeingTurnedAwayIsNoRefusedStarttls) {
  auto monitor = monitor_of(lab_->peer({.says = "554 no service for you\r\n"}));
  monitor->tls = {.mode = TlsMode::starttls, .protocol = "smtp"};
  const ProbeResult result = probe(monitor);
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->code, ErrorCode::expect_mismatch);
  EXPECT_EQ(result.error->phase, Phase::tls);
  EXPECT_EQ(explain_error(*result.error, *monitor, result),
            "The server turned us away before STARTTLS: \"554 no service for you\\r\\n\".");
}

// STARTTLS is our word for it: the server says no, and that is neither a bad answer nor a broken
// handshake.
TEST_P(ProberTls, ARefusedStarttlsIsNamed) {
  auto monitor = monitor_of(lab_->peer({.answers = "N"}));
  monitor->tls = {.mode = TlsMode::starttls, .protocol = "postgres"};
  const ProbeResult result = probe(monitor);
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->code, ErrorCode::starttls_refused);
  EXPECT_EQ(result.error->phase, Phase::tls);
  EXPECT_TRUE(result.phases.tls);
  EXPECT_EQ(result.phases.data, std::nullopt) << "nothing was said under TLS";
}

// Product.md "One attempt" 3: the STARTTLS dialogue is phase tls, whatever goes wrong in it.
TEST_P(ProberTls, AnUnansweredStarttlsIsATimeoutInTls) {
  auto monitor = monitor_of(lab_->peer({}));
  monitor->tls = {.mode = TlsMode::starttls, .protocol = "smtp"};
  monitor->timeout = 60ms;
  const ProbeResult result = probe(monitor);
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->code, ErrorCode::timeout);
  EXPECT_EQ(result.error->phase, Phase::tls);
  EXPECT_TRUE(result.phases.tls);
  EXPECT_EQ(result.phases.data, std::nullopt);
  EXPECT_EQ(evaluate(*monitor, result).reason,
            "The server did not agree to STARTTLS within 60.0 ms; 0 bytes came.");
}

// The dialogue does not see the end of its time while the handshake goes on; its step failed all
// the same.
TEST_P(ProberTls, TheStepThatTlsDidNotEndHasFailed) {
  auto monitor = monitor_of(lab_->peer({.answers = "S"}));
  monitor->tls = {.mode = TlsMode::starttls, .protocol = "postgres"};
  monitor->timeout = 60ms;
  const ProbeResult result = probe(monitor);
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->code, ErrorCode::timeout);
  ASSERT_EQ(result.steps.size(), 3U);
  EXPECT_FALSE(result.steps[1].failed);
  EXPECT_EQ(result.steps[2].kind, StepTime::Kind::starttls);
  EXPECT_TRUE(result.steps[2].failed);
  EXPECT_GT(result.steps[2].took, Duration(0));
}

TEST_P(ProberTls, APeerThatHangsUpOnStarttlsDoesSoInTls) {
  for (const auto then : {PeerScript::Then::close, PeerScript::Then::reset}) {
    auto monitor =
        monitor_of(lab_->peer({.says = "220 mail\r\n", .answers = "250-", .then = then}));
    monitor->tls = {.mode = TlsMode::starttls, .protocol = "smtp"};
    const ProbeResult result = probe(monitor);
    ASSERT_TRUE(result.error);
    EXPECT_EQ(error_name(result.error->code),
              then == PeerScript::Then::close ? "closed_early" : "conn_reset");
    EXPECT_EQ(result.error->phase, Phase::tls);
    EXPECT_FALSE(result.received.empty()) << "bytes are kept";
    EXPECT_EQ(result.phases.data, std::nullopt);
  }
}

}  // namespace
}  // namespace tocsin
