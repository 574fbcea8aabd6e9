// The reading rules of product.md, "One attempt" point 4, as byte timelines (dialogue_timeline.h
// says how to read one).
#include <gtest/gtest.h>

#include "core/dialogue_timeline.h"

namespace tocsin {
namespace {

using namespace timeline;

struct Row {
  const char* story;
  Monitor monitor;
  std::vector<Event> peer;
  const char* ends;
};

void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(play(row.monitor, row.peer).text(), row.ends) << row.story;
  }
}

// The dialogue is over at the byte that decides it: neither before nor a moment later.
TEST(DialogueReads, UntilTheExpectIsDecided) {
  expect_rows({
      {"one read", pings(), {at(5ms).says("+PONG\r\n")}, "done at 5ms, used 5ms"},
      {"two reads",
       pings(),
       {at(5ms).says("+PO"), at(7ms).says("NG\r\n")},
       "done at 7ms, used 7ms"},
      {"what follows is not waited for",
       pings(),
       {at(5ms).says("+PONG"), at(9ms).says("\r\n")},
       "done at 5ms, used 5ms"},
      {"noise before",
       pings(),
       {at(5ms).says("hello\r\n"), at(6ms).says("+PONG")},
       "done at 6ms, used 6ms"},
      {"a pause longer than quiet is not the end of an unmet expect",
       pings(),
       {at(5ms).says("+PO"), at(4s).says("NG")},
       "done at 4s, used 4s"},
      {"a service that greets, then answers",
       monitor({expect_regex("^220 .*\r\n"), send("QUIT\r\n"), expect_regex("^221")}),
       {at(5ms).says("220 mail ESMTP\r\n"), at(9ms).says("221 bye\r\n")},
       "done at 9ms, used 9ms"},
      {"`^` is the beginning of a line although the step before ended inside one",
       monitor({expect_regex("^220"), send("QUIT\r\n"), expect_regex("^221")}),
       {at(5ms).says("220 mail ESMTP\r\n"), at(9ms).says("221 bye\r\n")},
       "done at 9ms, used 9ms"},
      {"both answers in one read",
       monitor({expect("A"), send("x"), expect("B")}),
       {at(5ms).says("AB")},
       "done at 5ms, used 5ms"},
      {"the same bytes do not meet two steps",
       monitor({expect("A"), expect("A")}),
       {at(5ms).says("A"), at(8ms).says("A")},
       "done at 8ms, used 8ms"},
      {"any byte at all",
       monitor({expect_regex(".*")}),
       {at(5ms).says("x")},
       "done at 5ms, used 5ms"},
      {"bytes that are not text",
       monitor({expect_regex("^\\xff\\x00")}),
       {at(5ms).says(std::string("\xff\0\x01", 3))},
       "done at 5ms, used 5ms"},
  });
}

// A dollar looks at what comes next, so only the end of the answer can say.
TEST(DialogueReads, DollarWaitsForTheEnd) {
  const Monitor dollar = monitor({expect_regex("OK$")});
  expect_rows({
      {"quiet ends it", dollar, {at(5ms).says("OK")}, "done at 1s5ms, used 5ms"},
      {"so does the close",
       dollar,
       {at(5ms).says("OK"), at(8ms).closes()},
       "done at 8ms, used 5ms"},
      {"and the deadline", dollar, {at(9500ms).says("OK")}, "done at 10s, used 9s500ms"},
      {"more bytes undo it",
       dollar,
       {at(5ms).says("OK"), at(6ms).says("AY")},
       "timeout in data at 10s, used -"},
      {"quiet with the wrong end does not end the step",
       dollar,
       {at(5ms).says("NO"), at(3s).says(" OK")},
       "done at 4s, used 3s"},
      {"a newline that has come is known", dollar, {at(5ms).says("OK\n")}, "done at 5ms, used 5ms"},
      {"a word boundary is the same",
       monitor({expect_regex("\\bOK\\b")}),
       {at(5ms).says("OK"), at(8ms).says(".")},
       "done at 8ms, used 8ms"},
      {"an escaped dollar is a letter",
       monitor({expect_regex("5\\$")}),
       {at(5ms).says("5$")},
       "done at 5ms, used 5ms"},
      {"the next step goes on after it",
       monitor({expect_regex("\\$ \\z"), send("exit\n"), expect("bye")}),
       {at(5ms).says("host$ "), at(1100ms).says("bye")},
       "done at 1s100ms, used 100ms"},
  });
}

// A refused pattern fails at once, and only when it comes before what was expected.
TEST(DialogueReads, RefusedPatternFailsAtOnce) {
  const Monitor mail = monitor({expect_regex("220", {"^5\\d\\d", "too many"})});
  expect_rows({
      {"refused", mail, {at(5ms).says("554 no\r\n")}, "expect_mismatch in data at 5ms, used 5ms"},
      {"the second of two",
       mail,
       {at(5ms).says("421 too many\r\n")},
       "expect_mismatch in data at 5ms, used 5ms"},
      {"refused first, expected later in the same read",
       mail,
       {at(5ms).says("554 220\r\n")},
       "expect_mismatch in data at 5ms, used 5ms"},
      {"expected first", mail, {at(5ms).says("220 hi\r\n554 no\r\n")}, "done at 5ms, used 5ms"},
      {"refused at the end of the answer",
       monitor({expect_regex("220", {"busy$"})}),
       {at(5ms).says("busy")},
       "expect_mismatch in data at 1s5ms, used 5ms"},
  });
}

// The peer says less than we wait for: which failure it is depends on how it stopped.
TEST(DialogueReads, NeverMet) {
  expect_rows({
      {"silence", pings(), {}, "timeout in data at 10s, used -"},
      {"the wrong words", pings(), {at(5ms).says("-ERR\r\n")}, "timeout in data at 10s, used -"},
      {"a drip does not put the deadline off",
       pings(),
       {at(3s).says("a"), at(6s).says("b"), at(9s).says("c"), at(9900ms).says("d")},
       "timeout in data at 10s, used -"},
      {"closed without a word", pings(), {at(5ms).closes()}, "closed_early in data at 5ms, used -"},
      {"closed with the wrong words",
       pings(),
       {at(5ms).says("-ERR"), at(6ms).closes()},
       "closed_early in data at 6ms, used -"},
      {"reset",
       pings(),
       {at(5ms).says("+PO"), at(6ms).resets()},
       "conn_reset in data at 6ms, used -"},
      {"the second step",
       monitor({expect("A"), send("x"), expect("B")}),
       {at(5ms).says("A"), at(6ms).closes()},
       "closed_early in data at 6ms, used 5ms"},
      {"64 KiB of something else",
       pings(),
       {at(5ms).says(std::string(40'000, 'x')), at(6ms).says(std::string(40'000, 'x'))},
       "expect_mismatch in data at 6ms, used 6ms"},
      {"a pattern that does not compile",
       monitor({expect_regex("(")}),
       {},
       "expect_mismatch in data at 0s, used -"},
  });
}

// Data assertions end the reading as soon as later bytes cannot change them, else at the end of the
// answer.
TEST(DialogueReads, UntilTheAssertionsAreDecided) {
  expect_rows({
      {"contains",
       asserts(Comparison::contains, "+PONG"),
       {at(5ms).says("+PO"), at(7ms).says("NG\r\n")},
       "done at 7ms, used 7ms"},
      {"contains never: quiet ends the answer",
       asserts(Comparison::contains, "+PONG"),
       {at(5ms).says("-ERR")},
       "done at 1s5ms, used 5ms"},
      {"each byte puts quiet off",
       asserts(Comparison::contains, "+PONG"),
       {at(5ms).says("-"), at(900ms).says("E"), at(1800ms).says("R")},
       "done at 2s800ms, used 1s800ms"},
      {"not_contains found: decided",
       asserts(Comparison::not_contains, "ERR"),
       {at(5ms).says("-ERR")},
       "done at 5ms, used 5ms"},
      {"not_contains not found: the whole answer",
       asserts(Comparison::not_contains, "ERR"),
       {at(5ms).says("+PONG")},
       "done at 1s5ms, used 5ms"},
      {"equals: the whole answer",
       asserts(Comparison::equals, "+PONG"),
       {at(5ms).says("+PONG")},
       "done at 1s5ms, used 5ms"},
      {"equals: the close is the end",
       asserts(Comparison::equals, "+PONG"),
       {at(5ms).says("+PONG"), at(6ms).closes()},
       "done at 6ms, used 5ms"},
      {"matches",
       asserts(Comparison::matches, "^\\+P.*G"),
       {at(5ms).says("+PONG")},
       "done at 5ms, used 5ms"},
      {"matches with a dollar",
       asserts(Comparison::matches, "PONG$"),
       {at(5ms).says("+PONG")},
       "done at 1s5ms, used 5ms"},
      {"is_empty fails with the first byte",
       asserts(Comparison::is_empty),
       {at(5ms).says("x")},
       "done at 5ms, used 5ms"},
      {"not_empty passes with it",
       asserts(Comparison::not_empty),
       {at(5ms).says("x")},
       "done at 5ms, used 5ms"},
      {"the later of two decides the end",
       monitor({}, {data(Comparison::contains, "A"), data(Comparison::contains, "B")}),
       {at(5ms).says("B"), at(8ms).says("A"), at(9ms).says("C")},
       "done at 8ms, used 8ms"},
      {"an expect and an assertion",
       monitor({expect("A")}, {data(Comparison::contains, "B")}),
       {at(5ms).says("A"), at(9ms).says("B")},
       "done at 9ms, used 9ms"},
      {"64 KiB end the answer",
       asserts(Comparison::equals, "x"),
       {at(5ms).says(std::string(70'000, 'x'))},
       "done at 5ms, used 5ms"},
      {"the deadline ends the answer: what came is judged",
       asserts(Comparison::equals, "x"),
       {at(9500ms).says("x")},
       "done at 10s, used 9s500ms"},
      {"an assertion that is not about data reads nothing",
       monitor({expect("A")},
               {{AssertionSource::response_time, "", Comparison::less_than, "200000"}}),
       {at(5ms).says("A")},
       "done at 5ms, used 5ms"},
  });
}

// No byte came: a failure of the attempt only when an assertion cannot do without.
TEST(DialogueReads, SilenceAndAssertions) {
  expect_rows({
      {"contains needs bytes",
       asserts(Comparison::contains, "x"),
       {},
       "timeout in data at 10s, used -"},
      {"not_empty needs them",
       asserts(Comparison::not_empty),
       {},
       "timeout in data at 10s, used -"},
      {"is_empty does not", asserts(Comparison::is_empty), {}, "done at 10s, used -"},
      {"closed: is_empty is known",
       asserts(Comparison::is_empty),
       {at(5ms).closes()},
       "done at 5ms, used -"},
      {"closed: contains was cut short",
       asserts(Comparison::contains, "x"),
       {at(5ms).closes()},
       "closed_early in data at 5ms, used -"},
      {"reset leaves is_empty open",
       asserts(Comparison::is_empty),
       {at(5ms).resets()},
       "conn_reset in data at 5ms, used -"},
  });
}

// A server that says its word and goes is judged by the word; one that breaks off is not, unless
// all was known.
TEST(DialogueReads, ThePeerEndsIt) {
  expect_rows({
      {"data, then close: judged",
       asserts(Comparison::not_contains, "ERR"),
       {at(5ms).says("+PONG"), at(6ms).closes()},
       "done at 6ms, used 5ms"},
      {"data, then reset: not the whole answer",
       asserts(Comparison::not_contains, "ERR"),
       {at(5ms).says("+PONG"), at(6ms).resets()},
       "conn_reset in data at 6ms, used -"},
      {"all decided, then reset",
       asserts(Comparison::contains, "PONG"),
       {at(5ms).says("+PONG"), at(5ms).resets()},
       "done at 5ms, used 5ms"},
      {"two steps answered in one go, then close",
       monitor({expect("A"), send("x"), expect_regex("B$")}),
       {at(5ms).says("AB"), at(6ms).closes()},
       "done at 6ms, used 5ms"},
  });
}

// With something sent and nothing to judge the answer is kept for the reader, never a reason to
// fail.
TEST(DialogueReads, AnswerThatNothingJudges) {
  const Monitor says = monitor({send("hello\r\n")});
  expect_rows({
      {"no answer: one second", says, {}, "done at 1s, used -"},
      {"an answer: 100 ms of quiet", says, {at(5ms).says("hi")}, "done at 105ms, used 5ms"},
      {"bytes put the quiet off",
       says,
       {at(5ms).says("hi"), at(90ms).says("!")},
       "done at 190ms, used 90ms"},
      {"never beyond one second",
       says,
       {at(100ms).says("a"), at(190ms).says("a"), at(280ms).says("a"), at(370ms).says("a"),
        at(460ms).says("a"), at(550ms).says("a"), at(640ms).says("a"), at(730ms).says("a"),
        at(820ms).says("a"), at(910ms).says("a"), at(990ms).says("a"), at(1080ms).says("a")},
       "done at 1s, used 990ms"},
      {"closed at once", says, {at(5ms).closes()}, "done at 5ms, used -"},
      {"reset afterwards is a fact, not a failure",
       says,
       {at(5ms).resets()},
       "done at 5ms, used -"},
      {"64 KiB", says, {at(5ms).says(std::string(70'000, 'x'))}, "done at 5ms, used 5ms"},
  });
  Monitor hasty = says;
  hasty.timeout = 500ms;
  EXPECT_EQ(play(hasty, {}).text(), "done at 500ms, used -");
}

}  // namespace
}  // namespace tocsin
