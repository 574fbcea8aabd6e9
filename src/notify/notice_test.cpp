#include "notify/notice.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "notify/notice_lines.h"
#include "notify/notice_samples.h"

namespace tocsin {
namespace {

// The outbox keeps a notice as JSON over restarts; what is sent after days must say the same.
TEST(NoticeJson, RoundTripKeepsEveryField) {
  for (const auto& [name, facts] : samples::all()) {
    if (name == "hostile") {
      continue;  // its invalid UTF-8 is repaired on the way, see below
    }
    const std::string json = to_json(facts);
    const auto read = notice_from_json(json);
    ASSERT_TRUE(read.has_value()) << name << ": " << read.error().message;
    EXPECT_EQ(to_json(*read), json) << name;
    EXPECT_EQ(notice_text(*read), notice_text(facts)) << name;
  }
}

TEST(NoticeJson, EveryFieldIsReadBack) {
  NoticeFacts facts = samples::recovered();
  facts.event.error = ProbeError{ErrorCode::timeout, Phase::tls, "detail"};
  facts.event.suppressed = "muted";
  facts.event.channels = {"a", "b"};
  facts.description = "what it is";
  facts.received_excerpt = "+PONG";
  facts.evidence = "The host is silent at port 1 too.";
  facts.store_volatile = true;
  facts.phases = {.dns = 1us, .connect = 2us, .tls = 3us, .data = 4us};
  const NoticeFacts read = notice_from_json(to_json(facts)).value();
  EXPECT_EQ(read.event.type, facts.event.type);
  EXPECT_EQ(read.event.monitor, facts.event.monitor);
  EXPECT_EQ(read.event.incident, facts.event.incident);
  EXPECT_EQ(read.event.number, facts.event.number);
  EXPECT_EQ(read.event.at, facts.event.at);
  EXPECT_EQ(read.event.status, facts.event.status);
  EXPECT_EQ(read.event.severity, facts.event.severity);
  EXPECT_EQ(read.event.error, facts.event.error);
  EXPECT_EQ(read.event.reason, facts.event.reason);
  EXPECT_EQ(read.event.began, facts.event.began);
  EXPECT_EQ(read.event.channels, facts.event.channels);
  EXPECT_EQ(read.event.suppressed, facts.event.suppressed);
  EXPECT_EQ(read.monitor_id, facts.monitor_id);
  EXPECT_EQ(read.monitor_name, facts.monitor_name);
  EXPECT_EQ(read.target, facts.target);
  EXPECT_EQ(read.project, facts.project);
  EXPECT_EQ(read.runbook, facts.runbook);
  EXPECT_EQ(read.description, facts.description);
  EXPECT_EQ(read.tags, facts.tags);
  EXPECT_EQ(read.incident_url, facts.incident_url);
  EXPECT_EQ(read.response_time, facts.response_time);
  EXPECT_EQ(read.phases, facts.phases);
  EXPECT_EQ(read.down_for, facts.down_for);
  EXPECT_EQ(read.received_excerpt, facts.received_excerpt);
  EXPECT_EQ(read.evidence, facts.evidence);
  EXPECT_EQ(read.store_volatile, facts.store_volatile);
}

// A banner may hold any byte; the stored JSON must stay readable all the same.
TEST(NoticeJson, InvalidBytesAreRepairedNotFatal) {
  const auto read = notice_from_json(to_json(samples::hostile()));
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(read->monitor_name.ends_with("\xEF\xBF\xBD"));
}

// An older Tocsin sends what a newer one stored.
TEST(NoticeJson, UnknownKeysArePassedOver) {
  std::string json = to_json(samples::down());
  json.insert(1, "\"new_thing\":{\"a\":[1,2]},");
  EXPECT_TRUE(notice_from_json(json).has_value());
}

TEST(NoticeJson, DamageIsNamed) {
  const auto message = [](std::string_view json) {
    const auto read = notice_from_json(json);
    return read ? std::string("no error") : read.error().message;
  };
  EXPECT_EQ(message(""), "the stored notice is damaged: it is not a JSON object");
  EXPECT_EQ(message("[]"), "the stored notice is damaged: it is not a JSON object");
  EXPECT_EQ(message("{}"), "the stored notice is damaged: field \"event\"");
  EXPECT_EQ(message("{\"event\":{\"type\":\"nonsense\"}}"),
            "the stored notice is damaged: field \"type\"");
  EXPECT_EQ(message(std::string(300_KiB, ' ')), "the stored notice is damaged: it is far too long");
}

// What a phone shows before it is unlocked.
TEST(NoticeTitle, SaysWhatWhereAndWhy) {
  EXPECT_EQ(notice_title(samples::down()),
            "DOWN: Redis sessions (127.0.0.1:6379): connection refused");
  EXPECT_EQ(notice_title(samples::recovered()),
            "RECOVERED: Redis sessions (127.0.0.1:6379): up again after 4 min 12 s");
  EXPECT_EQ(notice_title(samples::reminder()),
            "STILL DOWN: Redis sessions (127.0.0.1:6379): connection refused, for 30 min");
  EXPECT_EQ(notice_title(samples::escalated()),
            "ESCALATED, DOWN: Redis sessions (127.0.0.1:6379): connection refused, for 1 h");
  EXPECT_EQ(notice_title(samples::flapping()),
            "FLAPPING: Redis sessions (127.0.0.1:6379): changes too often, now down");
  EXPECT_EQ(notice_title(samples::test()), "TEST: only a test, nothing is wrong");
}

// The first notice of an outage comes at once; "69 µs before this notice" helps nobody.
TEST(NoticeLines, SinceCountsNoFractionsOfASecond) {
  const auto since = [](Duration before) {
    NoticeFacts facts = samples::down();
    facts.event.at = *facts.event.began + before;
    for (const NoticeLine& line : notice_lines(facts)) {
      if (line.label == "Since") {
        return line.value;
      }
    }
    return std::string();
  };
  EXPECT_EQ(since(69us), "2026-11-21 14:03:20 UTC");
  EXPECT_EQ(since(2s), "2026-11-21 14:03:20 UTC (2.00 s before this notice)");
}

// A monitor without a name of its own is named after its target; saying it twice wastes the line.
TEST(NoticeTitle, TargetIsSaidOnce) {
  NoticeFacts facts = samples::down();
  facts.monitor_name = facts.target;
  EXPECT_EQ(notice_title(facts), "DOWN: 127.0.0.1:6379: connection refused");
}

// A new error code must bring its words.
TEST(ErrorWords, EveryCodeHasWords) {
  for (const ErrorInfo& info : error_table()) {
    const std::string words = error_words({info.code, Phase::connect, ""});
    EXPECT_NE(words, info.name);
    EXPECT_LE(words.size(), 40U) << words;
  }
}

TEST(ErrorWords, TimeoutNamesItsPhase) {
  EXPECT_EQ(error_words({ErrorCode::timeout, Phase::connect, ""}), "timed out while connecting");
  EXPECT_EQ(error_words({ErrorCode::timeout, Phase::data, ""}), "timed out waiting for the answer");
}

// A reminder says the error once, wherever core put it into the reason.
// What was found out stands right below what failed: it is what the reader acts on.
TEST(NoticeText, EvidenceFollowsTheError) {
  NoticeFacts facts = samples::down();
  facts.evidence = "The same port opens at another address of the name: [fd00::5]:6379.";
  const std::string text = notice_text(facts);
  EXPECT_NE(text.find("\n" + facts.error_sentence + "\n" + facts.evidence + "\n"),
            std::string::npos)
      << text;
  facts.event.type = EventType::recovered;
  EXPECT_EQ(notice_text(facts).find(facts.evidence), std::string::npos);
}

TEST(NoticeText, TheErrorIsSaidOnce) {
  NoticeFacts facts = samples::reminder();
  facts.error_sentence = "Nothing is listening on port 6379: the host answered with a reset.";
  facts.event.reason = "Still down after 30 min. " + facts.error_sentence +
                       " Failed 3 times in a row. Reminder 1 of 3.";
  const std::string text = notice_text(facts);
  EXPECT_NE(text.find("\n" + facts.error_sentence +
                      "\nStill down after 30 min. Failed 3 times in a row. Reminder 1 of 3.\n"),
            std::string::npos)
      << text;
}

// Whatever a stranger wrote into a name, a notice is lines of printable text.
TEST(NoticeText, HostileNamesAddNoLine) {
  const std::string text = notice_text(samples::hostile());
  for (const char c : text) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
  }
  EXPECT_EQ(text.find("\nBcc:"), std::string::npos);
  EXPECT_EQ(text.find("javascript:"), std::string::npos);
}

}  // namespace
}  // namespace tocsin
