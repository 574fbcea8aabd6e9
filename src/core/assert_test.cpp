#include "core/assert.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tocsin {
namespace {

constexpr SystemTime kNow{Duration(1795255200LL * 1000000)};

ProbeResult full_result() {
  ProbeResult result;
  result.response_time = 312500us;
  result.phases = {.dns = 2ms, .connect = 10ms, .tls = 30ms, .data = 270500us};
  result.remote = SocketAddress{.ip = *IpAddress::parse("192.0.2.7"), .port = 6379};
  result.tls = TlsFacts{};
  result.tls->version = "TLSv1.3";
  result.tls->not_after = kNow + 14 * 24h + 5h;
  result.received = "+PONG\r\n";
  result.bytes_received = 7;
  return result;
}

ProbeResult with_answer(std::string received) {
  ProbeResult result = full_result();
  result.bytes_received = received.size();
  result.received = std::move(received);
  return result;
}

ProbeResult bare_result() {
  ProbeResult result;
  result.error = ProbeError{ErrorCode::tcp_refused, Phase::connect, ""};
  return result;
}

AssertionResult judge(const std::string& text, const ProbeResult& result) {
  const Result<Assertion> assertion = parse_assertion(text);
  if (!assertion) {
    ADD_FAILURE() << text << ": " << assertion.error().message;
    return {};
  }
  return evaluate_assertions(std::vector{*assertion}, result, kNow).front();
}

struct Row {
  const char* assertion;
  bool passed;
  const char* actual;
  const char* reason;
};

void check(const ProbeResult& result, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const AssertionResult judged = judge(row.assertion, result);
    EXPECT_EQ(judged.passed, row.passed) << row.assertion;
    EXPECT_EQ(judged.actual, row.actual) << row.assertion;
    EXPECT_EQ(judged.reason, row.reason) << row.assertion;
  }
}

// Every source with every comparison that fits it, once holding and once not.
TEST(Assertions, TimesTable) {
  check(full_result(),
        {
            {"response_time < 313ms", true, "312.5 ms", ""},
            {"response_time < 312500us", false, "312.5 ms",
             "Expected 312.5 ms to be below 312.5 ms."},
            {"response_time > 312ms", true, "312.5 ms", ""},
            {"response_time > 1s", false, "312.5 ms", "Expected 312.5 ms to be above 1000 ms."},
            {"response_time == 312500us", true, "312.5 ms", ""},
            {"response_time == 312ms", false, "312.5 ms", "Expected 312.5 ms to equal 312 ms."},
            {"response_time != 312ms", true, "312.5 ms", ""},
            {"response_time != 312500us", false, "312.5 ms",
             "Expected 312.5 ms not to equal 312.5 ms."},
            {"connect_time < 11ms", true, "10 ms", ""},
            {"connect_time > 11ms", false, "10 ms", "Expected 10 ms to be above 11 ms."},
            {"dns_time < 3ms", true, "2 ms", ""},
            {"dns_time not_null", true, "2 ms", ""},
            {"tls_time > 20ms", true, "30 ms", ""},
            {"tls_time is_null", false, "30 ms", "Expected 30 ms to be null."},
        });
}

TEST(Assertions, NumbersTable) {
  check(full_result(), {
                           {"cert_days_left > 13", true, "14", ""},
                           {"cert_days_left > 14", false, "14", "Expected 14 to be above 14."},
                           {"cert_days_left == 14.0", true, "14", ""},
                           {"cert_days_left < 14", false, "14", "Expected 14 to be below 14."},
                           {"bytes_received == 7", true, "7", ""},
                           {"bytes_received != 7", false, "7", "Expected 7 not to equal 7."},
                           {"bytes_received > 6.5", true, "7", ""},
                       });
  ProbeResult expired = full_result();
  expired.tls->not_after = kNow - 1h;
  check(expired, {{"cert_days_left > 0", false, "-1", "Expected -1 to be above 0."}});
}

TEST(Assertions, PlainTextsTable) {
  check(full_result(),
        {
            {"resolved_ip == 192.0.2.7", true, "192.0.2.7", ""},
            {"resolved_ip != 192.0.2.7", false, "192.0.2.7",
             "Expected \"192.0.2.7\" not to equal \"192.0.2.7\"."},
            {"resolved_ip contains \"192.0.2.\"", true, "192.0.2.7", ""},
            {"resolved_ip matches \"^10\\\\.\"", false, "192.0.2.7",
             "Expected \"192.0.2.7\" to match \"^10\\.\"."},
            {"tls_version == TLSv1.3", true, "TLSv1.3", ""},
            {"tls_version not_matches \"1\\\\.[01]\"", true, "TLSv1.3", ""},
            {"tls_version not_contains TLS", false, "TLSv1.3",
             "Expected \"TLSv1.3\" not to contain \"TLS\"."},
            {"tls_version not_empty", true, "TLSv1.3", ""},
            {"error_code is_empty", true, "", ""},
            {"error_code is_null", true, "", ""},
            {"error_code != timeout", true, "", ""},
            {"error_code == timeout", false, "", "Expected nothing to equal \"timeout\"."},
            {"error_code not_empty", false, "", "Expected nothing not to be empty."},
        });
}

// One address has many spellings.
TEST(Assertions, ResolvedIpComparesAddressesNotSpellings) {
  ProbeResult result = full_result();
  result.remote = SocketAddress{.ip = *IpAddress::parse("2001:db8::1"), .port = 80};
  check(result, {{"resolved_ip == 2001:0db8:0:0:0:0:0:1", true, "2001:db8::1", ""}});
}

TEST(Assertions, AnAttemptWithoutThePhaseSaysSo) {
  check(bare_result(),
        {
            {"dns_time < 1s", false, "",
             "There is no dns_time: no name was resolved in this attempt."},
            {"connect_time < 1s", false, "",
             "There is no connect_time: no connection was made in this attempt."},
            {"tls_time < 1s", false, "", "There is no tls_time: this attempt had no TLS."},
            {"cert_days_left > 14", false, "",
             "There is no cert_days_left: this attempt had no TLS."},
            {"cert_days_left is_null", true, "", ""},
            {"dns_time not_null", false, "", "Expected nothing not to be null."},
            {"resolved_ip is_empty", true, "", ""},
            {"tls_version is_null", true, "", ""},
            {"error_code == tcp_refused", true, "tcp_refused", ""},
            {"error_code matches \"refused|reset\"", true, "tcp_refused", ""},
            {"error_code != tcp_refused", false, "tcp_refused",
             "Expected \"tcp_refused\" not to equal \"tcp_refused\"."},
        });
}

TEST(Assertions, DataTable) {
  check(
      full_result(),
      {
          {"response_data contains \"+PONG\"", true, "+PONG\\r\\n", ""},
          {"response_data contains \"-ERR\"", false, "+PONG\\r\\n",
           "Expected \"+PONG\\r\\n\" to contain \"-ERR\"."},
          {"response_data not_contains \"-ERR\"", true, "+PONG\\r\\n", ""},
          {"response_data not_contains \"PONG\"", false, "+PONG\\r\\n",
           "Expected \"+PONG\\r\\n\" not to contain \"PONG\"."},
          {"response_data == \"+PONG\\r\\n\"", true, "+PONG\\r\\n", ""},
          {"response_data == \"+PONG\"", false, "+PONG\\r\\n",
           "Expected \"+PONG\\r\\n\" to equal \"+PONG\"."},
          {"response_data != \"+PONG\"", true, "+PONG\\r\\n", ""},
          {"response_data matches \"^\\\\+PONG\"", true, "+PONG\\r\\n", ""},
          {"response_data not_matches PONG", false, "+PONG\\r\\n",
           "Expected \"+PONG\\r\\n\" not to match \"PONG\"."},
          {"response_data is_empty", false, "+PONG\\r\\n", "Expected \"+PONG\\r\\n\" to be empty."},
          {"response_data not_empty", true, "+PONG\\r\\n", ""},
          {"response_data < 5", false, "+PONG\\r\\n",
           "Expected \"+PONG\\r\\n\" to be below 5, but it is not a number."},
          {"response_data has_key status", false, "+PONG\\r\\n",
           "Expected \"+PONG\\r\\n\" to have the key \"status\", but it is not JSON from byte 1 "
           "on."},
      });
  check(with_answer(""),
        {
            {"response_data is_empty", true, "", ""},
            {"response_data is_null", true, "", ""},
            {"response_data == \"\"", true, "", ""},
            {"response_data not_empty", false, "", "Expected \"\" not to be empty."},
        });
}

// Numbers compare as numbers, also at the end of a line.
TEST(Assertions, NumbersInTheAnswerTable) {
  check(with_answer("42.0\r\n"), {
                                     {"response_data == 42", true, "42.0\\r\\n", ""},
                                     {"response_data < 100", true, "42.0\\r\\n", ""},
                                     {"response_data > 100", false, "42.0\\r\\n",
                                      "Expected \"42.0\\r\\n\" to be above 100."},
                                 });
}

TEST(Assertions, PatternPropertyTable) {
  const ProbeResult result = with_answer("load=12.5 users=30");
  check(result,
        {
            {"response_data(load=([\\d.]+)) < 20", true, "12.5", ""},
            {"response_data(users=(\\d+)) > 50", false, "30", "Expected \"30\" to be above 50."},
            {"response_data(users=\\d+) == \"users=30\"", true, "users=30", ""},
            {"response_data(disk=(\\d+)) < 20", false, "load=12.5 users=30",
             "The pattern \"disk=(\\d+)\" finds nothing in the answer."},
            {"response_data(disk=(\\d+)|load) not_empty", false, "load=12.5 users=30",
             "The pattern \"disk=(\\d+)|load\" finds nothing in the answer."},
        });
}

TEST(Assertions, JsonPropertyTable) {
  const ProbeResult result = with_answer(
      R"({"status":"ok","nodes":[{"up":true,"lag":3},{"up":true,"lag":12}],"tags":[],"note":null,"n":10})");
  check(result,
        {
            {"response_data($.status) == ok", true, "ok", ""},
            {"response_data($.status) == \"fail\"", false, "ok",
             "Expected \"ok\" to equal \"fail\"."},
            {"response_data($.nodes[*].up) == true", true, "true, true", ""},
            {"response_data($.nodes[*].lag) < 20", true, "3, 12", ""},
            {"response_data($.nodes[*].lag) < 10", false, "12", "Expected 12 to be below 10."},
            {"response_data($.nodes.length) == 2", true, "2", ""},
            {"response_data($.n) == 1e1", true, "10", ""},
            {"response_data($.tags) is_empty", true, "[]", ""},
            {"response_data($.nodes) not_empty", true,
             R"([{"up":true,"lag":3},{"up":true,"lag":12}])", ""},
            {"response_data($.note) is_null", true, "null", ""},
            {"response_data($.status) is_null", false, "ok", "Expected \"ok\" to be null."},
            {"response_data($.status) not_null", true, "ok", ""},
            {"response_data($.nodes[0]) has_key lag", true, R"({"up":true,"lag":3})", ""},
            {"response_data($.nodes[0]) has_key down", false, R"({"up":true,"lag":3})",
             "Expected {\"up\":true,\"lag\":3} to have the key \"down\"."},
            {"response_data($.nodes[0]) not_has_key down", true, R"({"up":true,"lag":3})", ""},
            {"response_data($.nodes[0]) has_value 3.0", true, R"({"up":true,"lag":3})", ""},
            {"response_data($.nodes[0]) not_has_value 3", false, R"({"up":true,"lag":3})",
             "Expected {\"up\":true,\"lag\":3} not to have the value 3."},
        });
  EXPECT_TRUE(judge("response_data has_key status", result).passed);
  const AssertionResult missing = judge("response_data($.missing) == 1", result);
  EXPECT_EQ(missing.reason, "The JSON path \"$.missing\" finds nothing in the answer.");
  EXPECT_EQ(judge("response_data($.missing) is_null", result).passed, false)
      << "a property that finds nothing fails, whatever is asked";
  EXPECT_EQ(judge("response_data($.a) == 1", with_answer("hello")).reason,
            "The answer cannot be read as JSON: it is not JSON from byte 1 on.");
}

// All are evaluated, and each knows its place in the list.
TEST(Assertions, AllAreEvaluatedInOrder) {
  const std::vector<Assertion> assertions = {*parse_assertion("response_data contains x"),
                                             *parse_assertion("response_time < 1s"),
                                             *parse_assertion("response_data is_empty")};
  const auto results = evaluate_assertions(assertions, full_result(), kNow);
  ASSERT_EQ(results.size(), 3U);
  for (uint16_t i = 0; i < 3; ++i) {
    EXPECT_EQ(results[i].index, i);
    EXPECT_EQ(results[i].passed, i == 1);
  }
}

// What a peer sends is shown escaped and cut, never as it came.
TEST(Assertions, TheActualValueIsBoundedAndSafe) {
  for (const char* bytes : {"a", "\x01", "\xff", "\xc3\xa9", "\n"}) {
    std::string received;
    while (received.size() < 70000) {
      received += bytes;
    }
    const AssertionResult judged = judge("response_data == 1", with_answer(received));
    EXPECT_LE(judged.actual.size(), 300U);
    EXPECT_GT(judged.actual.size(), 280U);
    EXPECT_LE(judged.reason.size(), 700U);
    EXPECT_EQ(judged.actual.find('\n'), std::string::npos);
  }
}

// A JSON path over a large hostile answer must not take long: 64 KiB of distinct keys, and deep
// nesting.
TEST(Assertions, HostileJsonIsHarmless) {
  std::string keys = "{";
  for (int i = 0; keys.size() < 65000; ++i) {
    keys += "\"" + std::to_string(i) + "\":0,";
  }
  keys.back() = '}';
  EXPECT_TRUE(judge("response_data($.*) == 0", with_answer(keys)).passed);
  EXPECT_EQ(judge("response_data($[0]) == 0", with_answer(std::string(65536, '['))).reason,
            "The answer cannot be read as JSON: it is JSON nested deeper than 32 levels.");
}

struct DecidedRow {
  const char* assertion;
  const char* bytes;
  Decided decided;
};

// What later bytes cannot undo may end the waiting; all else waits for the end of the answer.
TEST(Assertions, DecidedByBytesTable) {
  using enum Decided;
  const std::vector<DecidedRow> rows = {
      {"response_data contains OK", "+OK", passed},
      {"response_data contains OK", "+O", no},
      {"response_data not_contains ERR", "-ERR", failed},
      {"response_data not_contains ERR", "+OK", no},
      {"response_data matches \"^220 \"", "220 hi", passed},
      {"response_data matches \"^220 \"", "22", no},
      {"response_data matches \"OK$\"", "OK", no},
      {"response_data matches \"OK\\\\z\"", "OK", no},
      {"response_data matches \"OK\\\\b\"", "OK", no},
      {"response_data matches \"\\\\$OK\"", "$OK", passed},
      {"response_data not_matches ERR", "-ERR", failed},
      {"response_data not_matches \"ERR$\"", "-ERR", no},
      {"response_data not_matches ERR", "+OK", no},
      {"response_data not_empty", "x", passed},
      {"response_data not_empty", "", no},
      {"response_data is_empty", "x", failed},
      {"response_data is_empty", "", no},
      {"response_data == OK", "OK", no},
      {"response_data != OK", "OK", no},
      {"response_data < 5", "4", no},
      {"response_data has_key a", "{\"a\":1}", no},
      {"response_data((O.)) contains OK", "OK", no},
      {"bytes_received > 1", "abc", no},
      {"response_time < 1s", "abc", no},
  };
  for (const DecidedRow& row : rows) {
    EXPECT_EQ(decided_by_bytes(*parse_assertion(row.assertion), row.bytes), row.decided)
        << row.assertion << " on " << row.bytes;
  }
}

// The promise behind `decided`: whatever comes after, the verdict at the end is the one that was
// decided.
TEST(Assertions, NoLaterByteUndoesADecision) {
  const std::vector<std::string> alphabet = {"O", "K", "\n", " "};
  const std::vector<const char*> assertions = {"response_data contains OK",
                                               "response_data not_contains OK",
                                               "response_data matches \"^OK\"",
                                               "response_data not_matches \"O.K\"",
                                               "response_data matches \"OK$\"",
                                               "response_data matches \"\\\\bOK\\\\b\"",
                                               "response_data matches \"(?m)^K\"",
                                               "response_data not_empty",
                                               "response_data is_empty"};
  for (const char* text : assertions) {
    const Assertion assertion = *parse_assertion(text);
    for (int code = 0; code < 4 * 4 * 4 * 4 * 4; ++code) {
      std::string bytes;
      for (int rest = code, i = 0; i < 5; ++i, rest /= 4) {
        bytes += alphabet[static_cast<size_t>(rest % 4)];
      }
      for (size_t cut = 0; cut <= bytes.size(); ++cut) {
        const Decided decided = decided_by_bytes(assertion, bytes.substr(0, cut));
        if (decided != Decided::no) {
          ASSERT_EQ(judge(text, with_answer(bytes)).passed, decided == Decided::passed)
              << text << " on " << bytes << " cut at " << cut;
        }
      }
    }
  }
}

TEST(Assertions, AboutData) {
  EXPECT_TRUE(is_about_data(*parse_assertion("response_data not_empty")));
  EXPECT_TRUE(is_about_data(*parse_assertion("bytes_received > 0")));
  EXPECT_FALSE(is_about_data(*parse_assertion("response_time < 1s")));
}

}  // namespace
}  // namespace tocsin
