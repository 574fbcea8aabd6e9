#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.h"
#include "core/assert.h"

namespace tocsin {
namespace {

using enum AssertionSource;
using enum Comparison;

struct ReadRow {
  const char* text;
  Assertion assertion;
  const char* written;  // the text form that we write
};

TEST(AssertionText, ReadingAndWritingTable) {
  const std::vector<ReadRow> rows = {
      {"response_time < 200ms", {response_time, "", less_than, "200000"}, "response_time < 200ms"},
      {"  response_time   <1.5s ",
       {response_time, "", less_than, "1500000"},
       "response_time < 1s500ms"},
      {"response_time less_than \"200ms\"",
       {response_time, "", less_than, "200000"},
       "response_time < 200ms"},
      {"response_data contains \"+PONG\"",
       {response_data, "", contains, "+PONG"},
       "response_data contains \"+PONG\""},
      {"response_data contains OK",
       {response_data, "", contains, "OK"},
       "response_data contains \"OK\""},
      {"response_data equals \"a\\r\\n\\u00e9\\x01\\\"\"",
       {response_data, "", equals, "a\r\n\xc3\xa9\x01\""},
       "response_data == \"a\\r\\n\xc3\xa9\\u0001\\\"\""},
      {"response_data == \"\\xff\"",
       {response_data, "", equals, "\xff"},
       "response_data == \"\\xff\""},
      {"response_data == \"\\ud83d\\ude00\"",
       {response_data, "", equals, "\xf0\x9f\x98\x80"},
       "response_data == \"\xf0\x9f\x98\x80\""},
      {"response_data is_empty", {response_data, "", is_empty, ""}, "response_data is_empty"},
      {"response_data($.status) == \"ok\"",
       {response_data, "$.status", equals, "ok"},
       "response_data($.status) == \"ok\""},
      {"response_data(load=(\\d+)) < 5",
       {response_data, "load=(\\d+)", less_than, "5"},
       "response_data(load=(\\d+)) < 5"},
      {"response_data (a\\)b) not_empty",
       {response_data, "a\\)b", not_empty, ""},
       "response_data(a\\)b) not_empty"},
      {"response_data(\"[(](\\\\d+)\") == 7",
       {response_data, "[(](\\d+)", equals, "7"},
       "response_data(\"[(](\\\\d+)\") == \"7\""},
      {"cert_days_left > 14", {cert_days_left, "", greater_than, "14"}, "cert_days_left > 14"},
      {"bytes_received != 0", {bytes_received, "", not_equals, "0"}, "bytes_received != 0"},
      {"error_code == tcp_refused",
       {error_code, "", equals, "tcp_refused"},
       "error_code == \"tcp_refused\""},
      {"tls_time is_null", {tls_time, "", is_null, ""}, "tls_time is_null"},
  };
  for (const ReadRow& row : rows) {
    const Result<Assertion> assertion = parse_assertion(row.text);
    ASSERT_TRUE(assertion) << row.text << ": " << assertion.error().message;
    EXPECT_EQ(*assertion, row.assertion) << row.text;
    EXPECT_EQ(assertion_text(*assertion), row.written);
    EXPECT_EQ(*parse_assertion(row.written), row.assertion) << "what we write reads back";
  }
}

struct ErrorRow {
  std::string text;
  const char* message;
};

constexpr const char* kSources =
    "response_time, response_data, connect_time, dns_time, tls_time, resolved_ip, cert_days_left, "
    "tls_version, bytes_received, error_code";
constexpr const char* kComparisons =
    "==, !=, <, >, equals, not_equals, less_than, greater_than, contains, not_contains, matches, "
    "not_matches, is_empty, not_empty, has_key, not_has_key, has_value, not_has_value, is_null, "
    "not_null";

// Each message says what is wrong and what would be right; people fix these at night.
TEST(AssertionText, ErrorsTable) {
  const std::string sources = std::string(" Known are: ") + kSources;
  const std::string comparisons = std::string(" Known are: ") + kComparisons;
  const std::string misspelt =
      "\"respons_time\" is not a source; did you mean \"response_time\"?" + sources;
  const std::string strange = "\"latency_ms\" is not a source." + sources;
  const std::string symbol = "\"[STATUS]\" is not a source." + sources;
  const std::string includes =
      "\"contain\" is not a comparison; did you mean \"contains\"?" + comparisons;
  const std::string at_most = "\"<=\" is not a comparison." + comparisons;
  const std::vector<ErrorRow> rows = {
      {"", "an assertion is expected, for example: response_time < 200ms"},
      {"respons_time < 200ms", misspelt.c_str()},
      {"latency_ms < 200ms", strange.c_str()},
      {"[STATUS] == 200", symbol.c_str()},
      {"response_time", "a comparison is expected behind response_time, for example: < 200ms"},
      {"response_data",
       "a comparison is expected behind response_data, for example: contains \"OK\""},
      {"response_data contain x", includes.c_str()},
      {"response_time <= 200ms", at_most.c_str()},
      {"response_time <", "a value is expected behind less_than"},
      {"response_time < 200",
       "\"200\" is not a duration: the unit is missing; did you mean 200s or 200ms? (write for "
       "example 250ms, 5s, 1m30s, 2h)"},
      {"response_time contains 200ms",
       "contains does not fit response_time, which is a time; use ==, !=, < or >"},
      {"bytes_received contains 2",
       "contains does not fit bytes_received, which is a number; use ==, !=, < or >"},
      {"tls_version < 2",
       "less_than does not fit tls_version, which is a text; use ==, !=, contains, not_contains, "
       "matches, not_matches, is_empty or not_empty"},
      {"cert_days_left > soon", "greater_than compares numbers, and \"soon\" is not a number"},
      {"cert_days_left == soon", "cert_days_left compares numbers, and \"soon\" is not a number"},
      {"response_data < many", "less_than compares numbers, and \"many\" is not a number"},
      {"response_data is_empty now", "nothing may follow is_empty, but \"now\" does"},
      {"response_data contains two words",
       "put the value in double quotes: two words is not one word"},
      {"response_data contains 'x'", "put the value in double quotes: 'x' is not one word"},
      {"response_data contains \"x", "the value: the closing double quote is missing"},
      {"response_data contains \"x\" y", "nothing may follow the quoted value, but \"y\" does"},
      {"response_data matches \"\\d\"",
       "the value: unknown escape \"\\d\" (known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uHHHH "
       "\\xHH; a backslash of a pattern is written twice)"},
      {"response_data matches \"(\"", "\"(\" is not a regular expression: missing ): ("},
      {"response_data matches \"(?=x)\"",
       "\"(?=x)\" is not a regular expression: invalid perl operator: (?="},
      {"response_data contains \"\"", "contains needs a text; the empty one is in every answer"},
      {"response_data(a == 1",
       "the \")\" of the property is missing; put a property with unbalanced parentheses in double "
       "quotes"},
      {"response_data() == 1", "the property between ( and ) is empty"},
      {"response_data(\"a\" == 1", "\")\" is expected behind the quoted property"},
      {"response_data([) == 1", "\"[\" is not a regular expression: missing ]: ["},
      {"response_data($.a[?(@.b)]) == 1",
       "the JSON path \"$.a[?(@.b)]\" is wrong at byte 4: filters are not supported"},
      {"response_time($.a) < 1s",
       "only response_data takes a property in parentheses, response_time does not"},
      {"error_code == tcp_refusd",
       "\"tcp_refusd\" is not an error code; did you mean \"tcp_refused\"?"},
      {"resolved_ip == db.example",
       "\"db.example\" is not an IP address; write for example 192.0.2.7"},
      {"response_data contains \"" + std::string(kTextBytesMax + 1, 'x') + "\"",
       "the value has 8193 bytes; at most 8192 are allowed"},
      {"response_data matches \"" + std::string(kPatternBytesMax + 1, 'x') + "\"",
       "the regular expression has 1025 bytes; at most 1024 are allowed"},
      {std::string(64_KiB + 1, 'x'), "the assertion has 65537 bytes; at most 65536 are allowed"},
  };
  for (const ErrorRow& row : rows) {
    const Result<Assertion> assertion = parse_assertion(row.text);
    ASSERT_FALSE(assertion) << row.text;
    EXPECT_EQ(assertion.error().message, row.message) << row.text.substr(0, 80);
    EXPECT_EQ(assertion.error().kind, ErrorKind::invalid_input);
  }
}

// From the map form of YAML a target arrives unread.
TEST(AssertionCheck, TargetsOfTheMapFormTable) {
  const std::vector<std::pair<Assertion, const char*>> rows = {
      {{response_time, "", less_than, "200ms"},
       "\"200ms\" is not a time; write for example 200ms or 1.5s"},
      {{response_time, "", less_than, "-1"},
       "\"-1\" is not a time; write for example 200ms or 1.5s"},
      {{response_time, "", less_than, "007"},
       "\"007\" is not a time; write for example 200ms or 1.5s"},
      {{response_data, "", is_empty, "x"}, "nothing may follow is_empty, but \"x\" does"},
      {{response_time, "", is_null, ""},
       "is_null does not fit response_time, which is a time; use ==, !=, < or >"},
  };
  for (const auto& [assertion, message] : rows) {
    const Result<void> checked = check_assertion(assertion);
    ASSERT_FALSE(checked) << message;
    EXPECT_EQ(checked.error().message, message);
  }
  EXPECT_TRUE(check_assertion({response_time, "", less_than, "200000"}));
}

// Every source with every comparison: either it is sound and survives its text form, or it is
// refused with a message.
TEST(AssertionText, EverySoundAssertionReadsBack) {
  int sound = 0;
  for (int source = 1; source <= 10; ++source) {
    for (int comparison = 1; comparison <= 16; ++comparison) {
      for (const char* target : {"", "7", "200000", "-1.5", "a b", "\"", "\\", "\n\xff\xc3\xa9",
                                 "timeout", "::1", " 7"}) {
        for (const char* property : {"", "$.a", "(x)", "(", "\\)", "\"q\"", "a)b(", "[(]\\"}) {
          const Assertion assertion{static_cast<AssertionSource>(source), property,
                                    static_cast<Comparison>(comparison), target};
          if (!check_assertion(assertion)) {
            continue;
          }
          ++sound;
          const std::string text = assertion_text(assertion);
          const Result<Assertion> again = parse_assertion(text);
          ASSERT_TRUE(again) << text << ": " << again.error().message;
          ASSERT_EQ(*again, assertion) << text;
        }
      }
    }
  }
  EXPECT_GT(sound, 500);
}

}  // namespace
}  // namespace tocsin
