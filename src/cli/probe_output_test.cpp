// What `tocsin probe` prints, as golden files: people and programs read it.
#include <gtest/gtest.h>

#include "cli/probe_json.h"
#include "cli/probe_text.h"
#include "cli/test_support.h"
#include "core/assert.h"

namespace tocsin::cli {
namespace {

Monitor monitor_of(std::string_view target) {
  Monitor monitor;
  monitor.target = *Target::parse(target);
  monitor.assertions = {*parse_assertion("response_time < 200ms")};
  return monitor;
}

Attempt good_attempt() {
  Attempt attempt;
  ProbeResult& result = attempt.result;
  result.started = *parse_rfc3339("2026-11-21T14:03:20.123456Z");
  result.response_time = 4800us;
  result.phases = {.dns = 312us, .connect = 1100us, .tls = std::nullopt, .data = 3388us};
  result.remote = SocketAddress{.ip = *IpAddress::parse("192.0.2.7"), .port = 6379};
  result.local = SocketAddress{.ip = *IpAddress::parse("192.0.2.1"), .port = 40122};
  result.kernel_rtt = 1050us;
  result.bytes_sent = 6;
  result.received = "+PONG\r\n\x1b[2J";
  result.bytes_received = result.received.size();
  result.transcript = {{TranscriptEntry::Kind::sent, 1412us, "PING\r\n"},
                       {TranscriptEntry::Kind::received, 4800us, result.received},
                       {TranscriptEntry::Kind::note, 4801us, "the peer closed the connection"}};
  attempt.evaluation.verdict = Verdict::passed;
  attempt.evaluation.reason = "It answered as expected.";
  attempt.evaluation.assertions = {{.index = 0, .passed = true, .actual = "4.80 ms"}};
  return attempt;
}

Attempt refused_attempt() {
  Attempt attempt;
  attempt.result.started = *parse_rfc3339("2026-11-21T14:03:20Z");
  attempt.result.response_time = 1200us;
  attempt.result.phases.connect = 1200us;
  attempt.evaluation.verdict = Verdict::failed;
  attempt.evaluation.error = ProbeError{.code = ErrorCode::tcp_refused, .phase = Phase::connect};
  attempt.evaluation.reason = "Nothing is listening on port 6379: the host answered with a reset.";
  return attempt;
}

Attempt tls_attempt() {
  Attempt attempt = good_attempt();
  attempt.result.phases.tls = 2ms;
  attempt.result.tls = TlsFacts{.version = "TLSv1.3",
                                .cipher = "TLS_AES_256_GCM_SHA384",
                                .subject = "CN=cache",
                                .issuer = "CN=Example CA",
                                .names = {"cache", "*.example.com"},
                                .not_before = *parse_rfc3339("2026-01-01T00:00:00Z"),
                                .not_after = *parse_rfc3339("2027-01-01T00:00:00Z"),
                                .chain_length = 2};
  return attempt;
}

TEST(ProbeText, OneLineATarget) {
  const Monitor monitor = monitor_of("cache:6379");
  const ProbeTextOptions options{.target_width = 20};
  expect_golden("probe_lines", probe_text(monitor, good_attempt(), options) +
                                   probe_text(monitor, refused_attempt(), options));
}

TEST(ProbeText, VerboseShowsWhatWasSeen) {
  const Monitor monitor = monitor_of("cache:6379");
  expect_golden("probe_verbose",
                probe_text(monitor, tls_attempt(), ProbeTextOptions{.verbosity = 2}));
}

// A handshake that ended at the certificate has no version and no cipher; the certificate is what
// the reader needs, an empty line is not.
TEST(ProbeText, RefusedCertificateShowsWhatIsKnown) {
  Attempt attempt = refused_attempt();
  attempt.result.tls = TlsFacts{.subject = "CN=cache",
                                .issuer = "CN=Example CA",
                                .not_before = *parse_rfc3339("2026-01-01T00:00:00Z"),
                                .not_after = *parse_rfc3339("2027-01-01T00:00:00Z"),
                                .chain_length = 1};
  const ProbeTextOptions verbose{.verbosity = 1};
  const std::string text = probe_text(monitor_of("cache:6379"), attempt, verbose);
  EXPECT_TRUE(
      text.ends_with("    certificate  CN=cache, by CN=Example CA, chain of 1\n"
                     "    valid        2026-01-01T00:00:00.000Z to 2027-01-01T00:00:00.000Z\n"))
      << text;
  EXPECT_EQ(text.find("    tls "), std::string::npos) << text;
}

// A handshake that ended before the certificate has nothing to say, not even a date.
TEST(ProbeText, NoCertificateNoLine) {
  Attempt attempt = refused_attempt();
  attempt.result.tls = TlsFacts{};
  const ProbeTextOptions verbose{.verbosity = 1};
  const std::string with_empty_facts = probe_text(monitor_of("cache:6379"), attempt, verbose);
  attempt.result.tls.reset();
  EXPECT_EQ(with_empty_facts, probe_text(monitor_of("cache:6379"), attempt, verbose));
}

// Received bytes may hold commands for a terminal: they are shown, never obeyed.
TEST(ProbeText, ReceivedBytesAreEscaped) {
  const std::string text =
      probe_text(monitor_of("cache:6379"), good_attempt(), ProbeTextOptions{.verbosity = 2});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(ProbeText, ColourMarksTheVerdict) {
  const std::string text = probe_text(monitor_of("cache:6379"), refused_attempt(),
                                      ProbeTextOptions{.style = {.color = true}});
  EXPECT_EQ(text.substr(0, 12), "\x1b[31m✕\x1b[0m");
}

TEST(ProbeText, StatisticsLikePing) {
  ProbeStatistics statistics;
  for (int count = 0; count < 9; ++count) {
    statistics.add(good_attempt());
  }
  statistics.add(refused_attempt());
  const Monitor monitor = monitor_of("cache:6379");
  expect_golden("probe_statistics", statistics_text(monitor, statistics, Style{}));
  expect_golden("probe_statistics_json", statistics_json(monitor, statistics));
}

TEST(ProbeJson, OneObjectALine) {
  const Monitor monitor = monitor_of("cache:6379");
  expect_golden("probe_json", probe_json(monitor, tls_attempt(), true) +
                                  probe_json(monitor, refused_attempt(), false));
}

}  // namespace
}  // namespace tocsin::cli
