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

Attempt silent_attempt() {
  Attempt attempt = refused_attempt();
  attempt.evaluation.error = ProbeError{.code = ErrorCode::timeout, .phase = Phase::connect};
  attempt.evaluation.reason = "192.0.2.7:6379 did not answer within 10.0 s, though asked 4 times.";
  return attempt;
}

// All that can be found out about a failure.
Evidence evidence_of_all_kinds() {
  const auto ip = [](std::string_view text) { return *IpAddress::parse(text); };
  const SocketAddress failed{.ip = ip("192.0.2.7"), .port = 6379};
  return {
      .took = 900ms,
      .second_try =
          SecondTry{
              .verdict = Verdict::failed,
              .error = ErrorCode::timeout,
              .sentence = "192.0.2.7:6379 did not answer within 850 ms. The monitor allows 10.0 s.",
              .took = 850ms,
              .allowed = 10s},
      .closed_port =
          Knock{.to = {.ip = failed.ip, .port = 1}, .answer = KnockAnswer::refused, .took = 412us},
      .others = {Knock{.to = {.ip = ip("2001:db8::7"), .port = 6379},
                       .answer = KnockAnswer::icmp,
                       .took = 980us,
                       .icmp = IcmpNotice{.from = ip("2001:db8::1"), .type = 1, .code = 1}}},
      .walk = Walk{.to = failed,
                   .tried = 16,
                   .hops = {{1, {.from = ip("192.0.2.1"), .type = 11}, 210us},
                            {3, {.from = ip("198.51.100.9"), .type = 11}, 4ms}}},
      .name = NameNow{.addresses = {failed.ip, ip("2001:db8::7")}, .last_good = failed.ip}};
}

TEST(ProbeText, OneLineATarget) {
  const Monitor monitor = monitor_of("cache:6379");
  const ProbeTextOptions options{.target_width = 20};
  expect_golden("probe_lines", probe_text(monitor, good_attempt(), nullptr, options) +
                                   probe_text(monitor, refused_attempt(), nullptr, options));
}

TEST(ProbeText, VerboseShowsWhatWasSeen) {
  const Monitor monitor = monitor_of("cache:6379");
  expect_golden("probe_verbose",
                probe_text(monitor, tls_attempt(), nullptr, ProbeTextOptions{.verbosity = 2}));
}

TEST(ProbeText, VerboseShowsTheWay) {
  const auto at = [](std::string_view ip) {
    return SocketAddress{.ip = *IpAddress::parse(ip), .port = 6379};
  };
  Attempt behind = good_attempt();
  behind.result.remote.reset();
  behind.result.proxy = ProxyFacts{.address = at("192.0.2.9"), .reached = 2ms, .through = 6ms};
  Attempt each = refused_attempt();
  each.result.addresses_probed = 3;
  each.result.addresses_left_out = 2;
  each.result.failed_addresses = {
      {.address = at("192.0.2.7"), .code = ErrorCode::tcp_refused, .response_time = 412us}};
  const Monitor monitor = monitor_of("cache:6379");
  const ProbeTextOptions verbose{.verbosity = 1};
  expect_golden("probe_way", probe_text(monitor, behind, nullptr, verbose) +
                                 probe_text(monitor, each, nullptr, verbose));
  expect_golden("probe_way_json", probe_json(monitor, behind, nullptr, false) +
                                      probe_json(monitor, each, nullptr, false));
}

// Who offers protocols wants to know what became of it.
TEST(ProbeText, SaysThatNoneOfTheOfferedProtocolsWasAgreedOn) {
  const ProbeTextOptions verbose{.style = {}, .verbosity = 1};
  Monitor site = monitor_of("cache:6379");
  const auto text = [&] { return probe_text(site, tls_attempt(), nullptr, verbose); };
  EXPECT_EQ(text().find("alpn"), std::string::npos);
  site.tls.alpn = {"h2"};
  EXPECT_NE(text().find("TLSv1.3 TLS_AES_256_GCM_SHA384, no alpn agreed"), std::string::npos);
}

TEST(ProbeText, VerboseShowsWhatWasFoundOutAboutAFailure) {
  const Evidence evidence = evidence_of_all_kinds();
  const Evidence none{.state = EvidenceState::too_many};
  const Monitor monitor = monitor_of("cache:6379");
  const ProbeTextOptions verbose{.verbosity = 2};
  expect_golden("probe_evidence", probe_text(monitor, silent_attempt(), &evidence, verbose) +
                                      probe_text(monitor, silent_attempt(), &none, verbose));
  expect_golden("probe_evidence_json", probe_json(monitor, silent_attempt(), &evidence, true));
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
  const std::string text = probe_text(monitor_of("cache:6379"), attempt, nullptr, verbose);
  EXPECT_TRUE(
      text.contains("    certificate  CN=cache, by CN=Example CA, chain of 1\n"
                    "    valid        2026-01-01T00:00:00.000Z to 2027-01-01T00:00:00.000Z\n"
                    "    likely "))
      << text;
  EXPECT_EQ(text.find("    tls "), std::string::npos) << text;
}

// A handshake that ended before the certificate has nothing to say, not even a date.
TEST(ProbeText, NoCertificateNoLine) {
  Attempt attempt = refused_attempt();
  attempt.result.tls = TlsFacts{};
  const ProbeTextOptions verbose{.verbosity = 1};
  const std::string with_empty_facts =
      probe_text(monitor_of("cache:6379"), attempt, nullptr, verbose);
  attempt.result.tls.reset();
  EXPECT_EQ(with_empty_facts, probe_text(monitor_of("cache:6379"), attempt, nullptr, verbose));
}

// Received bytes may hold commands for a terminal: they are shown, never obeyed.
TEST(ProbeText, ReceivedBytesAreEscaped) {
  const std::string text = probe_text(monitor_of("cache:6379"), good_attempt(), nullptr,
                                      ProbeTextOptions{.verbosity = 2});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(ProbeText, ColourMarksTheVerdict) {
  const std::string text = probe_text(monitor_of("cache:6379"), refused_attempt(), nullptr,
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
  expect_golden("probe_json", probe_json(monitor, tls_attempt(), nullptr, true) +
                                  probe_json(monitor, refused_attempt(), nullptr, false));
}

}  // namespace
}  // namespace tocsin::cli
