#include "core/evaluate.h"

#include <gtest/gtest.h>

#include <vector>

namespace tocsin {
namespace {

Monitor redis() {
  Monitor monitor;
  monitor.id = "redis";
  monitor.target = *Target::parse("cache.example:6379");
  return monitor;
}

Monitor with_limits() {
  Monitor monitor = redis();
  monitor.degraded_after = 200ms;
  monitor.fail_after = 500ms;
  return monitor;
}

Monitor expecting(Expectation expect) {
  Monitor monitor = redis();
  monitor.expect = expect;
  return monitor;
}

Monitor should_fail() {
  Monitor monitor = redis();
  monitor.should_fail = true;
  return monitor;
}

Monitor asserting(Monitor monitor, std::vector<Assertion> assertions) {
  monitor.assertions = std::move(assertions);
  return monitor;
}

Assertion pong() {
  return {.source = AssertionSource::response_data,
          .comparison = Comparison::contains,
          .target = "+PONG"};
}

ProbeResult answered(Duration time, std::string received = "+PONG\r\n") {
  ProbeResult result;
  result.response_time = time;
  result.phases.connect = time / 2;
  result.phases.data = time - time / 2;
  result.bytes_received = received.size();
  result.received = std::move(received);
  return result;
}

ProbeResult erred(ErrorCode code, Phase phase, Duration lag = 0us) {
  ProbeResult result;
  result.error = ProbeError{code, phase, ""};
  result.response_time = 3ms;
  if (phase == Phase::tls || phase == Phase::data) {
    result.phases.connect = 1ms;
  }
  result.loop_lag = lag;
  return result;
}

ProbeResult late(ProbeResult result, Duration lag) {
  result.loop_lag = lag;
  return result;
}

struct Row {
  const char* story;
  Monitor monitor;
  ProbeResult result;
  Verdict verdict;
  std::optional<ErrorCode> error;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const Evaluation evaluation = evaluate(row.monitor, row.result);
    EXPECT_EQ(verdict_name(evaluation.verdict), verdict_name(row.verdict)) << row.story;
    EXPECT_EQ(evaluation.error.has_value(), row.error.has_value()) << row.story;
    if (evaluation.error && row.error) {
      EXPECT_EQ(error_name(evaluation.error->code), error_name(*row.error)) << row.story;
    }
    EXPECT_FALSE(evaluation.reason.empty()) << row.story;
  }
}

using enum ErrorCode;

TEST(Evaluate, LimitsTable) {
  check({
      {"well below", with_limits(), answered(3ms), Verdict::passed, {}},
      {"exactly degraded_after does not count",
       with_limits(),
       answered(200ms),
       Verdict::passed,
       {}},
      {"a microsecond more does", with_limits(), answered(200ms + 1us), Verdict::degraded,
       too_slow},
      {"exactly fail_after is only degraded", with_limits(), answered(500ms), Verdict::degraded,
       too_slow},
      {"a microsecond more fails", with_limits(), answered(500ms + 1us), Verdict::failed, too_slow},
      {"without limits nothing is too slow", redis(), answered(9s), Verdict::passed, {}},
      {"our own lateness explains it: not the target's fault", with_limits(),
       late(answered(600ms), 100ms), Verdict::unknown, overloaded},
      {"our lateness does not explain all of it", with_limits(), late(answered(600ms), 99ms),
       Verdict::failed, too_slow},
      {"however small it is", with_limits(), late(answered(500ms + 1us), 1us), Verdict::unknown,
       overloaded},
      {"degraded by our own lateness", with_limits(), late(answered(250ms), 60ms), Verdict::unknown,
       overloaded},
      {"degraded without it too", with_limits(), late(answered(300ms), 60ms), Verdict::degraded,
       too_slow},
      {"a fail limit exceeded by us alone does not prove degraded", with_limits(),
       late(answered(600ms), 350ms), Verdict::unknown, overloaded},
      {"late, but fast enough all the same",
       with_limits(),
       late(answered(100ms), 1s),
       Verdict::passed,
       {}},
  });
}

TEST(Evaluate, OwnTroubleTable) {
  std::vector<Row> rows;
  for (const ErrorCode code :
       {local_resource, self_offline, resolver_down, agent_lost, overloaded, reach_denied}) {
    rows.push_back({"ours, whatever was expected", redis(), erred(code, Phase::connect),
                    Verdict::unknown, code});
    rows.push_back({"should_fail does not make it a pass", should_fail(),
                    erred(code, Phase::connect), Verdict::unknown, code});
    rows.push_back({"nor does expect: unreachable", expecting(Expectation::unreachable),
                    erred(code, Phase::connect), Verdict::unknown, code});
  }
  rows.push_back({"a timeout while we were late proves nothing", redis(),
                  erred(timeout, Phase::connect, 1us), Verdict::unknown, overloaded});
  rows.push_back({"not even a pass", expecting(Expectation::unreachable),
                  erred(timeout, Phase::connect, 1us), Verdict::unknown, overloaded});
  rows.push_back({"a timeout that had its whole time", redis(), erred(timeout, Phase::connect),
                  Verdict::failed, timeout});
  rows.push_back({"a resolver that had not its whole time", redis(),
                  erred(dns_timeout, Phase::dns, 20ms), Verdict::unknown, overloaded});
  for (const ErrorCode cut : {conn_reset, closed_early}) {
    rows.push_back({"the peer may have had enough of our silence", redis(),
                    erred(cut, Phase::data, 251ms), Verdict::unknown, overloaded});
    rows.push_back({"but not of so short a one", redis(), erred(cut, Phase::data, 250ms),
                    Verdict::failed, cut});
  }
  ProbeResult word = erred(timeout, Phase::connect, 5s);
  word.error->detail = "proxy refused: Gateway Timeout (HTTP status 504)";
  rows.push_back({"a proxy's timer is none of ours", redis(), word, Verdict::failed, timeout});
  rows.push_back({"a refusal is a fact, however late we read it", redis(),
                  erred(tcp_refused, Phase::connect, 5s), Verdict::failed, tcp_refused});
  check(rows);
}

TEST(Evaluate, ExpectTable) {
  const Monitor closed = expecting(Expectation::closed);
  const Monitor unreachable = expecting(Expectation::unreachable);
  check({
      {"closed: a refusal is what we want",
       closed,
       erred(tcp_refused, Phase::connect),
       Verdict::passed,
       {}},
      {"closed: connected", closed, answered(3ms), Verdict::failed, unexpected_open},
      {"closed: a timeout is not a refusal", closed, erred(timeout, Phase::connect),
       Verdict::failed, timeout},
      {"closed: nor is a name that does not exist", closed, erred(host_not_found, Phase::dns),
       Verdict::failed, host_not_found},
      {"closed: a TLS error means that it connected", closed, erred(tls_handshake, Phase::tls),
       Verdict::failed, unexpected_open},
      {"closed: so does a reset later", closed, erred(conn_reset, Phase::data), Verdict::failed,
       unexpected_open},
      {"closed: and a timeout in data", closed, erred(timeout, Phase::data), Verdict::failed,
       unexpected_open},
      {"unreachable: a refusal",
       unreachable,
       erred(tcp_refused, Phase::connect),
       Verdict::passed,
       {}},
      {"unreachable: a timeout", unreachable, erred(timeout, Phase::connect), Verdict::passed, {}},
      {"unreachable: no such name",
       unreachable,
       erred(host_not_found, Phase::dns),
       Verdict::passed,
       {}},
      {"unreachable: a firewall",
       unreachable,
       erred(admin_prohibited, Phase::connect),
       Verdict::passed,
       {}},
      {"unreachable: connected", unreachable, answered(3ms), Verdict::failed, unexpected_open},
  });
}

// Seed 000, to the letter: a failing connection passes, a succeeding one passes too, only a failed
// assertion fails.
TEST(Evaluate, ShouldFailTable) {
  Monitor slow_counts_not = should_fail();
  slow_counts_not.fail_after = 1ms;
  const Monitor wants_pong = asserting(should_fail(), {pong()});
  check({
      {"refused passes, the error is kept", should_fail(), erred(tcp_refused, Phase::connect),
       Verdict::passed, tcp_refused},
      {"no such name passes", should_fail(), erred(host_not_found, Phase::dns), Verdict::passed,
       host_not_found},
      {"a failed handshake passes", should_fail(), erred(tls_expired, Phase::tls), Verdict::passed,
       tls_expired},
      {"a refused STARTTLS passes", should_fail(), erred(starttls_refused, Phase::tls),
       Verdict::passed, starttls_refused},
      {"so does an unanswered one", should_fail(), erred(timeout, Phase::tls), Verdict::passed,
       timeout},
      {"a succeeding connection passes", should_fail(), answered(3ms), Verdict::passed, {}},
      {"limits do not apply", slow_counts_not, answered(9s), Verdict::passed, {}},
      {"an assertion that holds", wants_pong, answered(3ms), Verdict::passed, {}},
      {"an assertion that does not", wants_pong, answered(3ms, "-ERR"), Verdict::failed,
       assertion_failed},
      {"assertions are not evaluated when the connection fails", wants_pong,
       erred(tcp_refused, Phase::connect), Verdict::passed, tcp_refused},
      {"a reset after the connection fails nothing by itself", should_fail(),
       erred(conn_reset, Phase::data), Verdict::passed, conn_reset},
      {"but its missing answer fails the assertion", wants_pong, erred(conn_reset, Phase::data),
       Verdict::failed, assertion_failed},
  });
  EXPECT_TRUE(evaluate(wants_pong, erred(tcp_refused, Phase::connect)).assertions.empty());
}

TEST(Evaluate, AssertionsTable) {
  Monitor limited = asserting(with_limits(), {pong()});
  const Assertion drops{
      .source = AssertionSource::error_code, .comparison = Comparison::equals, .target = "timeout"};
  const Monitor must_drop = asserting(expecting(Expectation::unreachable), {drops});
  check({
      {"all hold", limited, answered(3ms), Verdict::passed, {}},
      {"one does not", limited, answered(3ms, "-ERR"), Verdict::failed, assertion_failed},
      {"a failed assertion is said before a limit", limited, answered(9s, "-ERR"), Verdict::failed,
       assertion_failed},
      {"the attempt's own error is said before an assertion", limited,
       erred(closed_early, Phase::data), Verdict::failed, closed_early},
      {"a firewall that must drop", must_drop, erred(timeout, Phase::connect), Verdict::passed, {}},
      {"and rejects", must_drop, erred(tcp_refused, Phase::connect), Verdict::failed,
       assertion_failed},
  });
  EXPECT_EQ(evaluate(limited, erred(closed_early, Phase::data)).assertions.size(), 1U)
      << "the actual values are kept";
  EXPECT_TRUE(evaluate(limited, erred(tcp_refused, Phase::connect)).assertions.empty());
}

// An assertion on a time is a limit too: what only our own delay breaks is not broken.
TEST(Evaluate, TimeAssertionsTable) {
  const auto below = [](AssertionSource source) {
    return Assertion{.source = source, .comparison = Comparison::less_than, .target = "200000"};
  };
  const Monitor quick = asserting(redis(), {below(AssertionSource::response_time)});
  const Monitor connects = asserting(redis(), {below(AssertionSource::connect_time)});
  const Monitor both = asserting(redis(), {below(AssertionSource::response_time), pong()});
  Monitor limited = connects;
  limited.fail_after = 300ms;
  check({
      {"measured and proven", quick, late(answered(300ms), 60ms), Verdict::failed,
       assertion_failed},
      {"only measured", quick, late(answered(250ms), 60ms), Verdict::unknown, overloaded},
      {"all of it may lie in one phase", connects, late(answered(450ms), 60ms), Verdict::unknown,
       overloaded},
      {"a limit is exceeded for certain", limited, late(answered(450ms), 60ms), Verdict::failed,
       too_slow},
      {"and one that is not", limited, late(answered(350ms), 60ms), Verdict::unknown, overloaded},
      {"another one fails for certain", both, late(answered(250ms, "-ERR"), 60ms), Verdict::failed,
       assertion_failed},
  });
  EXPECT_EQ(evaluate(both, late(answered(250ms), 60ms)).assertions.size(), 2U) << "all are kept";
  EXPECT_EQ(evaluate(both, late(answered(250ms, "-ERR"), 60ms)).error->detail,
            "response_data: Expected \"-ERR\" to contain \"+PONG\"; 1 more failed");
}

TEST(Evaluate, TheReasonNamesTheFirstFailedAssertionAndCountsTheOthers) {
  const Monitor monitor = asserting(
      redis(),
      {pong(), pong(), {AssertionSource::response_time, "", Comparison::less_than, "1000"}});
  const Evaluation evaluation = evaluate(monitor, answered(3ms, "-ERR\r\n"));
  EXPECT_EQ(evaluation.reason,
            "An assertion does not hold: response_data: Expected \"-ERR\\r\\n\" to contain "
            "\"+PONG\"; 2 more failed.");
  EXPECT_EQ(evaluation.assertions.size(), 3U) << "all are evaluated";
}

TEST(Evaluate, TooSlowNamesTheSlowestPhase) {
  ProbeResult result = answered(812ms);
  result.phases = {.dns = 700ms, .connect = 12ms, .data = 100ms};
  const Evaluation evaluation = evaluate(with_limits(), result);
  EXPECT_EQ(evaluation.error->phase, Phase::dns);
  EXPECT_EQ(evaluation.reason,
            "The service answered, but slower than allowed: 812 ms, fail_after is 500ms.");
}

struct Explained {
  ProbeError error;
  std::string text;
};

TEST(ExplainError, SentencesTable) {
  ProbeResult result;
  result.remote = SocketAddress{.ip = *IpAddress::parse("192.0.2.7"), .port = 6379};
  result.syn_retransmits = 3;
  const std::vector<Explained> rows = {
      {{host_not_found, Phase::dns, ""}, "The name cache.example does not exist."},
      {{no_address_of_family, Phase::dns, ""},
       "The name cache.example has no address for ip_family ipv4."},
      {{tcp_refused, Phase::connect, ""},
       "Nothing is listening on port 6379: the host answered with a reset."},
      {{timeout, Phase::dns, ""}, "The name cache.example was not resolved within 10.0 s."},
      {{timeout, Phase::connect, ""},
       "192.0.2.7:6379 did not answer within 10.0 s, though asked 4 times."},
      {{timeout, Phase::tls, ""},
       "The connection opened, but the TLS handshake did not end within 10.0 s."},
      {{timeout, Phase::data, ""}, "The connection opened, but no byte came within 10.0 s."},
      {{host_unreachable, Phase::connect, "by 10.0.0.1"},
       "A router says that this host cannot be reached: by 10.0.0.1."},
      {{timeout, Phase::tls, "0 bytes came while waiting for /^220/ (step 1)"},
       "The server did not agree to STARTTLS within 10.0 s; 0 bytes came."},
      {{closed_early, Phase::tls, "closed after 0 bytes while waiting for /^220/ (step 1)"},
       "The peer closed the connection after 0 bytes, before it agreed to STARTTLS."},
      {{tcp_refused, Phase::connect, std::string(kConnectedToItself)},
       "Nothing is listening on port 6379: our connection met itself there."},
      {{conn_reset, Phase::tls, ""}, "The peer reset the connection during the TLS handshake."},
      {{closed_early, Phase::data, ""},
       "The peer closed the connection after 0 bytes, before the check was complete."},
      {{unexpected_open, Phase::connect, ""},
       "192.0.2.7:6379 accepts connections, but expect is open."},
  };
  for (const Explained& row : rows) {
    EXPECT_EQ(explain_error(row.error, redis(), result), row.text);
  }
  result.bytes_received = 1;
  EXPECT_EQ(explain_error({timeout, Phase::data, ""}, redis(), result),
            "The connection opened and 1 byte came, but not what was expected within 10.0 s.");
}

// How it began often says why there is no more.
TEST(ExplainError, QuotesWhatCame) {
  Monitor monitor = redis();
  ProbeResult result;
  result.received = "-ERR Fatal error, s3cret\r\n";
  result.bytes_received = result.received.size();
  const ProbeError silence{timeout, Phase::data,
                           "26 bytes came while waiting for \"+OK\" (step 1)"};
  EXPECT_EQ(explain_error(silence, monitor, result),
            "The connection opened and 26 bytes (\"-ERR Fatal error, s3cret\") came, but not "
            "\"+OK\" (step 1) within 10.0 s.");
  monitor.secrets = {"s3cret"};
  EXPECT_EQ(explain_error({closed_early, Phase::data, ""}, monitor, result),
            "The peer closed the connection after 26 bytes (\"-ERR Fatal error, ***\"), before the "
            "check was complete.");
  result.received = std::string(100, 'x');
  EXPECT_EQ(explain_error({timeout, Phase::tls, "100 bytes came while waiting for /^220/ (step 1)"},
                          redis(), result),
            "The server did not agree to STARTTLS within 10.0 s; 26 bytes (\"" +
                std::string(60, 'x') + "…\") came.");
}

// Behind a proxy it is the proxy's word, and said to be so.
TEST(ExplainError, NamesTheProxyWhoseWordItIs) {
  ProbeResult result;
  result.proxy =
      ProxyFacts{.address = SocketAddress{.ip = *IpAddress::parse("192.0.2.9"), .port = 1080}};
  EXPECT_EQ(explain_error({host_unreachable, Phase::connect,
                           "proxy refused: host unreachable (SOCKS5 reply 4)"},
                          redis(), result),
            "The proxy 192.0.2.9:1080 did not get through to cache.example:6379: host unreachable "
            "(SOCKS5 reply 4).");
  EXPECT_EQ(explain_error({timeout, Phase::data, ""}, redis(), result),
            "The connection opened, but no byte came within 10.0 s.");
}

// Which of them, and how many there were: one of three is another night than three of three.
TEST(ExplainError, SaysHowManyAddressesDidNotPass) {
  ProbeResult result;
  result.addresses_probed = 7;
  for (const char* ip : {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"}) {
    result.failed_addresses.push_back({.address = {.ip = *IpAddress::parse(ip), .port = 6379}});
  }
  EXPECT_EQ(
      explain_error({tcp_refused, Phase::connect, ""}, redis(), result),
      "Nothing is listening on port 6379: the host answered with a reset. 5 of 7 addresses "
      "did not pass: 192.0.2.1:6379, 192.0.2.2:6379, 192.0.2.3:6379, 192.0.2.4:6379 and others.");
  result.failed_addresses.resize(1);
  result.addresses_left_out = 2;
  EXPECT_EQ(explain_error({tcp_refused, Phase::connect, ""}, redis(), result),
            "Nothing is listening on port 6379: the host answered with a reset. 1 of 7 addresses "
            "did not pass: 192.0.2.1:6379. 2 more of the name were not probed.");
}

// Of several steps the person on call must see which one was never answered.
TEST(ExplainError, TimeoutNamesTheStepThatWasNotAnswered) {
  ProbeResult result;
  result.bytes_received = 11;
  EXPECT_EQ(
      explain_error({timeout, Phase::data, "11 bytes came while waiting for \"221\" (step 3)"},
                    redis(), result),
      "The connection opened and 11 bytes came, but not \"221\" (step 3) within 10.0 s.");
}

// Whatever the code, there is a sentence.
TEST(ExplainError, EveryCodeHasASentence) {
  for (const ErrorInfo& info : error_table()) {
    const std::string text = explain_error({info.code, info.phase, "detail"}, redis(), {});
    EXPECT_TRUE(text.ends_with('.')) << text;
    EXPECT_GT(text.size(), 20U);
  }
}

// What lives on after the attempt says what was true then; only an error stored without words gets
// the table's.
TEST(ErrorText, IsTheSentenceOfItsTime) {
  const Evaluation evaluation = evaluate(redis(), erred(tcp_refused, Phase::connect));
  const std::optional<ProbeError> kept = kept_error(evaluation);
  EXPECT_EQ(error_text(*kept), evaluation.reason);
  EXPECT_EQ(kept_error(evaluate(redis(), answered(3ms))), std::nullopt);
  EXPECT_EQ(error_text({tcp_refused, Phase::connect, "by 10.0.0.1"}),
            "Nothing is listening on this port: by 10.0.0.1.");
}

TEST(ExplainError, UnixSocketsHaveNoPort) {
  Monitor monitor = redis();
  monitor.target = *Target::parse("unix:/run/redis.sock");
  EXPECT_EQ(explain_error({tcp_refused, Phase::connect, ""}, monitor, {}),
            "Nothing is listening on unix:/run/redis.sock.");
  EXPECT_EQ(explain_error({tcp_refused, Phase::connect, "unix:/run/redis.sock does not exist"},
                          monitor, {}),
            "Nothing is listening on unix:/run/redis.sock: it does not exist.");
}

}  // namespace
}  // namespace tocsin
