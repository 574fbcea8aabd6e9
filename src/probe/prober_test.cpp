// The engine on the kernel's backends against real listeners on loopback, and what only sockets and
// TLS can show.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/scratch_folder.h"
#include "core/evaluate.h"
#include "probe/prober_suite.h"
#include "probe/test_backends.h"

namespace tocsin {
namespace {

class LoopbackLab final : public ProbeLab {
 public:
  explicit LoopbackLab(const Backend& backend) : io_(backend.make(clock_, 64, 256).value()) {}
  ProbeIo& io() override { return *io_; }
  const Clock& clock() override { return clock_; }
  SocketAddress peer(PeerScript script) override {
    servers_.push_back(std::make_unique<TestServer>(std::move(script)));
    return servers_.back()->address();
  }
  SocketAddress closed_port() override { return closed_loopback_port(); }
  PeerReport report(const SocketAddress& peer) override {
    for (const auto& server : servers_) {
      if (server->address() == peer) {
        return server->report();
      }
    }
    return {};
  }

 private:
  TestClock clock_;
  std::vector<std::unique_ptr<TestServer>> servers_;
  std::unique_ptr<ProbeIo> io_;
};

// One for each backend that this machine has, in the order of kBackends.
std::vector<MakeLab> labs() {
  std::vector<MakeLab> labs;
  for (const Backend& backend : kBackends) {
    if (backend.make(TestClock(), 1, 0)) {
      labs.emplace_back([&backend] { return std::make_unique<LoopbackLab>(backend); });
    }
  }
  return labs;
}

std::string lab_name(const testing::TestParamInfo<MakeLab>& info) {
  return kBackends[info.index].name;
}

INSTANTIATE_TEST_SUITE_P(Loopback, ProberSuite, testing::ValuesIn(labs()), lab_name);

class ProberTls : public ProberSuite {
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

// A unix socket of the operator's own files.
using ProberUnix = ProberSuite;
INSTANTIATE_TEST_SUITE_P(Loopback, ProberUnix, testing::ValuesIn(labs()), lab_name);
TEST_P(ProberUnix, AMissingSocketFileIsRefused) {
  const ScratchFolder folder;
  const std::string path = (folder.path() / "gone.sock").string();
  const ProbeResult result = probe(monitor_of({.unix_path = path}));
  EXPECT_EQ(result.error, (ProbeError{ErrorCode::tcp_refused, Phase::connect,
                                      "unix:" + path + " does not exist"}));
}

// All descriptors taken: the probes end as our own trouble; those before and after work.
// In a child process, because the limit is the whole process's.
class ProberDescriptors : public testing::TestWithParam<Backend> {};
INSTANTIATE_TEST_SUITE_P(Kernel, ProberDescriptors, testing::ValuesIn(kBackends), backend_name);
TEST_P(ProberDescriptors, ExhaustionIsLocalResourceAndPasses) {
  if (const auto made = GetParam().make(TestClock(), 1, 0); !made) {
    GTEST_SKIP() << "this machine has none: " << made.error().message;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit few{.rlim_cur = 64, .rlim_max = 64};
    ::setrlimit(RLIMIT_NOFILE, &few);
    TestClock clock;
    auto io = GetParam().make(clock, 1000, 0).value();
    TestResolver resolver;
    TestSink sink;
    const ReachPolicy reach;
    Prober prober(*io, resolver, clock, reach, sink, {});
    auto monitor = std::make_shared<Monitor>();
    monitor->target = Target::parse("127.0.0.1:1").value();
    const auto probe = [&] {
      prober.start({.monitor = monitor});
      std::vector<IoEvent> events;
      for (size_t before = sink.results.size(); sink.results.size() == before; events.clear()) {
        io->wait(clock.steady_now() + 10ms, events);
        prober.handle(events);
        prober.advance(clock.steady_now());
      }
      return sink.results.back().second.error->code;
    };
    const ErrorCode before = probe();
    std::vector<UniqueFd> hoard;
    while (hoard.empty() || hoard.back().valid()) {
      hoard.emplace_back(::dup(0));
    }
    const ErrorCode without = probe();
    hoard.clear();
    const ErrorCode after = probe();
    ::_exit(before == ErrorCode::tcp_refused && without == ErrorCode::local_resource &&
                    after == ErrorCode::tcp_refused
                ? 0
                : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace tocsin
