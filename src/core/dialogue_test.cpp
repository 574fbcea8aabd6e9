// What a dialogue does besides reading: sending, TLS, limits, transcript, its end. The reading
// rules are in dialogue_reads_test.cpp.
#include "core/dialogue.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "core/dialogue_timeline.h"

namespace tocsin {
namespace {

using namespace timeline;

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
            "tls_handshake in tls at 5ms, used 5ms");
  EXPECT_EQ(play(starttls, {at(5ms).says("220 go\r\n"), at(9ms).tls_done()}).text(),
            "timeout in data at 10s, used 5ms")
      << "the rest of its line belongs to it";
  EXPECT_EQ(play(starttls, {at(5ms).says("220\x04\n\x02go"), at(9ms).tls_done()}).text(),
            "timeout in data at 10s, used 5ms")
      << "the rest of a binary message too";
  EXPECT_EQ(play(starttls, {at(5ms).says("220 go\r\n\x16\x03"), at(9ms).tls_done()}).text(),
            "tls_handshake in tls at 5ms, used 5ms")
      << "bytes behind a line are no part of it, of whatever kind";
  EXPECT_EQ(play(starttls, {at(5ms).says("220-go\r\n220 really\r\n"), at(9ms).tls_done()}).text(),
            "timeout in data at 10s, used 5ms")
      << "a reply may have several lines";
  EXPECT_EQ(play(starttls, {at(5ms).says("220-go\r\n220 really\r\n+"), at(9ms).tls_done()}).text(),
            "tls_handshake in tls at 5ms, used 5ms");
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
  drip.reserve(70);
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
  size_t bytes = 0;
  for (const TranscriptEntry& entry : played.transcript) {
    EXPECT_LE(entry.bytes.size(), 4096U);
    bytes += entry.kind == TranscriptEntry::Kind::received ? entry.bytes.size() : 0;
  }
  EXPECT_LE(bytes, 16384U) << "the beginning of it, whatever the size of its pieces";
  EXPECT_GT(bytes, 16000U);
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
