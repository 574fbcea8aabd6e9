// The reading rules of product.md, "One attempt" point 4, as byte timelines (dialogue_timeline.h
// says how to read one).
#include "core/dialogue.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "core/dialogue_timeline.h"

namespace tocsin {
namespace {

using timeline::at;
using timeline::Event;
using timeline::play;
using timeline::Played;

Step send(std::string bytes) { return SendStep{std::move(bytes)}; }
Step expect(std::string literal) { return ExpectStep{std::move(literal), false, {}}; }
Step expect_regex(std::string regex, std::vector<std::string> refuse = {}) {
  return ExpectStep{std::move(regex), true, std::move(refuse)};
}
Assertion data(Comparison comparison, std::string target = "", std::string property = "") {
  return {AssertionSource::response_data, std::move(property), comparison, std::move(target)};
}

Monitor monitor(std::vector<Step> request, std::vector<Assertion> assertions = {}) {
  Monitor made;
  made.request = std::move(request);
  made.assertions = std::move(assertions);
  made.timeout = 10s;
  return made;
}
Monitor pings() { return monitor({send("PING\r\n"), expect("+PONG")}); }
Monitor asserts(Comparison comparison, std::string target = "") {
  return monitor({send("PING\r\n")}, {data(comparison, std::move(target))});
}

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
       "done at 1s100ms, used 1s100ms"},
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
       "expect_mismatch in data at 6ms, used -"},
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

// What is still on its way out belongs to the dialogue: nothing is over before it has left.
TEST(DialogueSends, WaitsUntilItHasLeft) {
  const auto slowly = [](const Monitor& checked, const std::vector<Event>& peer) {
    return play(checked, peer, false);
  };
  const Monitor says = monitor({send("hello")});
  EXPECT_EQ(slowly(says, {at(300ms).send_leaves()}).text(), "done at 1s300ms, used -");
  EXPECT_EQ(slowly(says, {}).text(), "timeout in data at 10s, used -");
  EXPECT_EQ(slowly(says, {at(5ms).resets()}).text(), "conn_reset in data at 5ms, used -");
  EXPECT_EQ(slowly(says, {at(5ms).closes(), at(9ms).send_leaves()}).text(), "done at 9ms, used -");
  EXPECT_EQ(slowly(pings(), {at(5ms).says("+PONG"), at(9ms).send_leaves()}).text(),
            "done at 9ms, used 5ms");
  // Silence of the peer is counted from the moment it could know what to say.
  EXPECT_EQ(
      slowly(asserts(Comparison::equals, "x"), {at(5ms).says("x"), at(500ms).send_leaves()}).text(),
      "done at 1s500ms, used 5ms");
}

// One send at a time: the next is handed out when the last has left.
TEST(DialogueSends, OneAfterAnother) {
  const Monitor talk =
      monitor({send("a"), send("b"), expect("1"), send("c"), expect("2"), send("d")});
  EXPECT_EQ(play(talk, {at(5ms).says("1"), at(6ms).says("2")}).sent, "ab|c|d|");
  const Played held =
      play(talk, {at(5ms).says("12"), at(6ms).send_leaves(), at(7ms).send_leaves()}, false);
  EXPECT_EQ(held.sent, "ab|cd|");
  EXPECT_EQ(held.text(), "done at 7ms, used 5ms");
}

// STARTTLS: the handshake begins when the peer has agreed and all is sent; plain bytes from before
// never meet a later step.
TEST(DialogueTls, BeginsAfterTheAgreement) {
  const Monitor starttls = monitor(
      {send("STARTTLS\r\n"), expect("220"), StarttlsStep{}, send("EHLO\r\n"), expect("250")});
  const Played good =
      play(starttls, {at(5ms).says("220 go"), at(9ms).tls_done(), at(12ms).says("250 hi")});
  EXPECT_EQ(good.text(), "done at 12ms, used 12ms");
  EXPECT_EQ(good.sent, "STARTTLS\r\n|TLS|EHLO\r\n|");
  EXPECT_EQ(play(starttls, {at(5ms).says("220 go\r\n250 injected"), at(9ms).tls_done()}).text(),
            "timeout in data at 10s, used 5ms");
  EXPECT_EQ(play(starttls, {at(5ms).says("220")}).text(), "timeout in tls at 10s, used 5ms");
  EXPECT_EQ(play(starttls, {at(5ms).says("220"), at(6ms).closes()}).text(),
            "closed_early in tls at 6ms, used 5ms");
  EXPECT_EQ(play(starttls, {at(5ms).says("220"), at(6ms).resets()}).text(),
            "conn_reset in tls at 6ms, used 5ms");
}

// The network cuts a stream where it likes; the verdict must not know.
TEST(DialogueProperty, ABannerCutAnywhereGivesTheSameVerdict) {
  const std::string banner =
      "220-mail.example ESMTP\r\n220 ready\r\n250-STARTTLS\r\n250 OK\r\n554 no\r\n";
  const std::vector<Monitor> monitors = {
      monitor({expect_regex("^220 .*\r\n"), send("EHLO x\r\n"), expect_regex("^250 ", {"^5"})}),
      monitor({expect_regex("^220 .*\r\n"), send("EHLO x\r\n"), expect_regex("^251 ", {"^5"})}),
      monitor({expect_regex("^220"), expect_regex("\\bOK\\b"), expect_regex("no\\r$")}),
      monitor({expect("220"), expect("250"), expect("250"), expect("250")}),
      monitor({expect_regex("ready|220 read|2"), expect_regex("^250-\\w+$")}),
      monitor({}, {data(Comparison::contains, "STARTTLS"), data(Comparison::not_contains, "554")}),
      monitor({expect("220")}, {data(Comparison::matches, "250 OK")}),
  };
  for (size_t which = 0; which < monitors.size(); ++which) {
    const Played whole = play(monitors[which], {at(5ms).says(banner)});
    for (size_t cut = 0; cut <= banner.size(); ++cut) {
      for (const size_t second : {cut, (cut + banner.size()) / 2, banner.size()}) {
        const Played cuts = play(monitors[which], {at(3ms).says(banner.substr(0, cut)),
                                                   at(4ms).says(banner.substr(cut, second - cut)),
                                                   at(5ms).says(banner.substr(second))});
        EXPECT_EQ(cuts.error.has_value(), whole.error.has_value()) << which << " cut at " << cut;
        if (cuts.error && whole.error) {
          EXPECT_EQ(cuts.error->code, whole.error->code) << which << " cut at " << cut;
        }
      }
    }
  }
}

// An endless answer is neither kept nor searched without end: 64 KiB, and an end in good time.
TEST(DialogueLimits, KeepsNoMoreThan64KiB) {
  std::vector<Event> drip;
  for (int i = 0; i < 70; ++i) {
    drip.push_back(at(i * 1ms).says(std::string(1024, 'x')));
  }
  const Played played = play(asserts(Comparison::contains, "y"), drip);
  EXPECT_EQ(played.text(), "done at 63ms, used 63ms");
  EXPECT_EQ(played.received.size(), kReceiveBytesMax);
  EXPECT_TRUE(played.truncated);
}

// Above 4 KiB small reads are searched together; what they say is found a moment later, not never.
TEST(DialogueLimits, SmallReadsOfALongAnswerAreJudgedSoon) {
  const Played played =
      play(asserts(Comparison::contains, "END"),
           {at(5ms).says(std::string(8192, 'x')), at(6ms).says("EN"), at(7ms).says("D")});
  EXPECT_EQ(played.text(), "done at 26ms, used 7ms");
}

// The transcript is kept with each result, so it is bounded; its last words are not lost to a
// talkative peer.
TEST(DialogueLimits, TranscriptIsBounded) {
  std::vector<Event> chatter;
  for (int i = 0; i < 200; ++i) {
    chatter.push_back(at(i * 1ms).says(std::string(i % 2 == 0 ? 5000 : 1, 'x')));
    chatter.push_back(at(i * 1ms).send_leaves());
  }
  chatter.push_back(at(300ms).closes());
  const Played played = play(asserts(Comparison::equals, "y"), chatter);
  EXPECT_LE(played.transcript.size(), 64U);
  for (const TranscriptEntry& entry : played.transcript) {
    EXPECT_LE(entry.bytes.size(), 4096U);
  }
  EXPECT_EQ(played.transcript.back().bytes, "64 KiB came; no more is read");
}

// A reader of a result sees who said what, and when.
TEST(DialogueTranscript, TellsTheTalk) {
  const Played played = play(pings(), {at(5ms).says("+PO"), at(7ms).closes()});
  ASSERT_EQ(played.transcript.size(), 3U);
  EXPECT_EQ(played.transcript[0].kind, TranscriptEntry::Kind::sent);
  EXPECT_EQ(played.transcript[0].bytes, "PING\r\n");
  EXPECT_EQ(played.transcript[1].kind, TranscriptEntry::Kind::received);
  EXPECT_EQ(played.transcript[1].at, 5ms);
  EXPECT_EQ(played.transcript[2].bytes, "the peer closed the connection");
  EXPECT_EQ(played.transcript[2].at, 7ms);
}

// The detail of an error says what was missing, in which step, and how much had come.
TEST(DialogueErrors, SayWhatWasMissing) {
  const auto detail = [](const Played& played) { return played.error ? played.error->detail : ""; };
  EXPECT_EQ(detail(play(pings(), {at(5ms).says("+PO")})),
            "3 bytes came while waiting for \"+PONG\" (step 2)");
  EXPECT_EQ(detail(play(pings(), {at(5ms).closes()})),
            "closed after 0 bytes while waiting for \"+PONG\" (step 2)");
  EXPECT_EQ(detail(play(pings(), {at(5ms).resets()})),
            "reset after 0 bytes while waiting for \"+PONG\" (step 2)");
  EXPECT_EQ(detail(play(asserts(Comparison::contains, "x"), {})),
            "0 bytes came while waiting for an answer");
  EXPECT_EQ(detail(play(monitor({expect_regex("^220", {"^5"})}), {at(5ms).says("554 no\r\n")})),
            "\"554 no\\r\\n\" matches /^5/, which step 1 refuses");
  EXPECT_EQ(detail(play(pings(), {at(5ms).says(std::string(70'000, 'x'))})),
            "64 KiB came without \"+PONG\" (step 2)");
  EXPECT_EQ(detail(play(monitor({send("hello")}), {}, false)),
            "0 bytes came while waiting for the peer to take 5 bytes");
}

// After the end nothing changes any more, whatever a late event says.
TEST(DialogueEnds, Once) {
  const Monitor checked = pings();
  Dialogue dialogue(checked, SteadyTime(10s));
  dialogue.start(SteadyTime(0s));
  dialogue.on_sent(SteadyTime(0s));
  EXPECT_TRUE(dialogue.on_bytes("+PONG", SteadyTime(1ms)).done);
  for (const Dialogue::Action& late :
       {dialogue.on_bytes("x", SteadyTime(2ms)), dialogue.on_peer_closed(SteadyTime(3ms)),
        dialogue.on_reset(SteadyTime(4ms)), dialogue.on_time(SteadyTime(11s)),
        dialogue.on_sent(SteadyTime(12s)), dialogue.on_tls_done(SteadyTime(13s))}) {
    EXPECT_TRUE(late.done);
    EXPECT_FALSE(late.error);
  }
  EXPECT_EQ(dialogue.received(), "+PONG");
  EXPECT_EQ(dialogue.bytes_sent(), 6U);
  EXPECT_FALSE(dialogue.peer_closed());
}

// A bare connect needs no dialogue, and neither does a monitor that an open port has failed
// already.
TEST(DialogueIsNeeded, OnlyForData) {
  EXPECT_FALSE(Dialogue::is_needed(monitor({})));
  EXPECT_FALSE(Dialogue::is_needed(
      monitor({}, {{AssertionSource::response_time, "", Comparison::less_than, "200000"}})));
  EXPECT_TRUE(Dialogue::is_needed(monitor({send("x")})));
  EXPECT_TRUE(Dialogue::is_needed(monitor({}, {data(Comparison::not_empty)})));
  Monitor closed = pings();
  closed.expect = Expectation::closed;
  EXPECT_FALSE(Dialogue::is_needed(closed));
}

}  // namespace
}  // namespace tocsin
