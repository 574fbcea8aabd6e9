#include "core/secrets.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/bytes.h"
#include "core/dialogue_timeline.h"
#include "core/judge.h"
#include "core/transcript.h"

namespace tocsin {
namespace {

using namespace timeline;

// However it is spelled, and wherever it stands.
TEST(Secrets, AreMaskedInEverySpelling) {
  const Secrets secrets({"s3cret\n\xff"});
  const std::string secret = "s3cret\n\xff";
  EXPECT_EQ(secrets.masked("AUTH " + secret + " twice " + secret), "AUTH *** twice ***");
  EXPECT_EQ(secrets.masked("hex " + to_hex(secret) + "."), "hex ***.");
  EXPECT_EQ(secrets.masked("HEX 7333637265740AFF."), "HEX ***.");
  EXPECT_EQ(secrets.masked("b64 " + to_base64(secret)), "b64 ***");
  EXPECT_EQ(secrets.masked("shown " + escape_for_display(secret)), "shown ***");
  EXPECT_EQ(secrets.masked("nothing of it"), "nothing of it");
}

// A message is cut somewhere; a beginning of the secret is there all the same.
TEST(Secrets, AreMaskedWhereTheyWereCut) {
  const Secrets secrets({"correct horse"});
  EXPECT_EQ(secrets.masked("said correct ho"), "said ***");
  EXPECT_EQ(secrets.masked("\"said correct ho…\" matches"), "\"said ***…\" matches");
  EXPECT_EQ(secrets.masked("said cor"), "said cor") << "three bytes tell nothing";
}

// Base64 of more bytes, "user:password" for example, has the secret at one of three places within a
// group; the character in which it begins or ends goes too.
TEST(Secrets, AreMaskedWithinBase64OfMore) {
  for (const std::string secret : {"hunter2-hunter2", "correct horse", "p4ssw0rd", "abcd"}) {
    const Secrets secrets({secret});
    for (const std::string before : {"", "u", "me", "bob", "user:"}) {
      for (const std::string after : {"", "!", "\r\n", "and more"}) {
        const std::string kept = secrets.masked("AUTH " + to_base64(before + secret + after) + ".");
        SCOPED_TRACE(before + secret + after + " as " + kept);
        ASSERT_TRUE(kept.starts_with("AUTH ") && kept.contains("***") && kept.ends_with("."));
        // No whole byte of it is left on either side.
        const size_t at = kept.find("***");
        EXPECT_LE(at - 5, before.size() * 4 / 3);
        EXPECT_LE(std::ranges::count_if(kept.substr(at + 3), [](char c) { return c != '='; }) - 1,
                  (after.size() * 8 + 5) / 6);
      }
    }
  }
}

// A short value would take half of every answer with it.
TEST(Secrets, AreLongerThanAWordOfAnAnswer) {
  EXPECT_TRUE(Secrets({"", "a", "abc"}).empty());
  EXPECT_FALSE(Secrets({"abcd"}).empty());
}

TEST(Secrets, AreMaskedAcrossPieces) {
  const Secrets secrets({"hunter22"});
  std::string a = "x hun";
  std::string b = "ter";
  std::string c = "22 y hunter22";
  secrets.mask({&a, &b, &c});
  EXPECT_EQ(a + "|" + b + "|" + c, "x ***|| y ***");
}

// The whole way: sent, sent back in two reads and in base64, refused, asserted. Nothing that is
// kept has it, and the judgement knew it all the same.
TEST(Secrets, LeaveNothingOfThemInAnAttempt) {
  const std::string secret = "hunter22-hunter22";
  Monitor checked = monitor({send("AUTH " + secret + "\r\n"), expect_regex("^235", {"denied"})},
                            {data(Comparison::contains, secret), data(Comparison::equals, "235")});
  checked.secrets = {secret};
  for (const std::string& last : {std::string("denied\r\n"), std::string("235\r\n")}) {
    Played played = play(checked, {at(1ms).says("you said hunter22-"),
                                   at(2ms).says("hunter22 " + to_base64(secret) + "\r\n"),
                                   at(3ms).says(last), at(4ms).closes()});
    ProbeResult result;
    result.error = played.error;
    result.received = played.received;
    result.sent = "AUTH " + secret + "\r\n";
    result.transcript = played.transcript;
    const Attempt attempt = judge(checked, std::move(result));
    std::string kept = attempt.result.sent + attempt.result.received + attempt.evaluation.reason;
    for (const TranscriptEntry& entry : attempt.result.transcript) {
      kept += entry.bytes;
    }
    for (const AssertionResult& assertion : attempt.evaluation.assertions) {
      kept += assertion.actual + assertion.reason;
    }
    kept += attempt.result.error ? attempt.result.error->detail : "";
    kept += attempt.evaluation.error ? attempt.evaluation.error->detail : "";
    EXPECT_EQ(kept.find("hunter"), std::string::npos) << kept;
    EXPECT_EQ(kept.find(to_base64(secret).substr(0, 8)), std::string::npos) << kept;
    EXPECT_NE(kept.find("AUTH ***"), std::string::npos) << kept;
    if (!attempt.evaluation.assertions.empty()) {
      EXPECT_TRUE(attempt.evaluation.assertions[0].passed) << "it was asserted on what came";
    }
  }
}

// Each entry of the transcript is cut at its own length, and more may follow it.
TEST(Secrets, AreMaskedWhereAnEntryOfTheTranscriptEnds) {
  Monitor monitor;
  monitor.secrets = {"correct horse"};
  Attempt attempt;
  const std::string cut = std::string(kTranscriptEntryBytesMax - 8, 'x') + "correct ";
  using Kind = TranscriptEntry::Kind;
  attempt.result.transcript = {{Kind::sent, Duration(0), cut}, {Kind::sent, Duration(1), "QUIT"}};
  mask_secrets(monitor, attempt);
  EXPECT_EQ(attempt.result.transcript[0].bytes.find("correct"), std::string::npos);
  EXPECT_TRUE(attempt.result.transcript[0].bytes.ends_with("x***"));
  EXPECT_EQ(attempt.result.transcript[1].bytes, "QUIT");
}

}  // namespace
}  // namespace tocsin
