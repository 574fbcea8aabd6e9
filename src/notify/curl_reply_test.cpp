#include "notify/curl_reply.h"

#include <gtest/gtest.h>

#include "notify/curl_words.h"

namespace tocsin {
namespace {

HttpReply http(std::initializer_list<std::string_view> lines) {
  HttpReply reply;
  for (const std::string_view line : lines) {
    reply.on_line(line);
  }
  return reply;
}
SmtpReply smtp(std::initializer_list<std::string_view> lines) {
  SmtpReply reply;
  for (const std::string_view line : lines) {
    reply.on_line(line);
  }
  return reply;
}

TEST(HttpReply, ReadsStatusPhraseAndRetryAfter) {
  const HttpReply reply =
      http({"HTTP/1.1 429 Too Many Requests\r\n", "retry-AFTER: 30\r\n", "\r\n"});
  EXPECT_TRUE(reply.complete());
  EXPECT_EQ(reply.status(), 429);
  EXPECT_EQ(reply.phrase(), "Too Many Requests");
  EXPECT_EQ(reply.retry_after(), " 30");
}

// 100 Continue is not the answer.
TEST(HttpReply, InterimReplyIsNotTheAnswer) {
  EXPECT_FALSE(http({"HTTP/1.1 100 Continue\r\n", "\r\n"}).complete());
  EXPECT_EQ(http({"HTTP/1.1 100 Continue\r\n", "\r\n", "HTTP/1.1 204\r\n", "\r\n"}).status(), 204);
}

TEST(HttpReply, NonsenseIsNoStatus) {
  EXPECT_FALSE(http({"HTTP/1.1 20\r\n", "\r\n"}).complete());
  EXPECT_FALSE(http({"HTTP/1.1\r\n", "\r\n"}).complete());
  EXPECT_FALSE(http({"HTTP/1.1 2x0 OK\r\n", "\r\n"}).complete());
}

TEST(SmtpReply, AcceptedIsTheAnswerBehindTheMessage) {
  const SmtpReply reply =
      smtp({"220 hello\r\n", "250-a\r\n", "250 b\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n",
            "250 2.0.0 queued as 1\r\n", "221 bye\r\n"});
  EXPECT_TRUE(reply.accepted());
  EXPECT_EQ(reply.acceptance(), "250 2.0.0 queued as 1");
  EXPECT_EQ(reply.refusals(), 0);
}

// The goodbye's 221 must not hide the refusal before it.
TEST(SmtpReply, RefusalIsKept) {
  const SmtpReply reply = smtp({"220 x\r\n", "250 x\r\n", "550-5.1.1 no\r\n",
                                "550 5.1.1 no such user\x1b\r\n", "221 bye\r\n"});
  EXPECT_FALSE(reply.accepted());
  EXPECT_EQ(reply.refusal_code(), 550);
  EXPECT_EQ(reply.refusal(), "550 5.1.1 no such user\\x1B");
}

// Two receivers, one greylisted and one unknown: trying again reaches the first.
TEST(SmtpReply, RefusalThatMayPassOutweighsOneThatWillNot) {
  EXPECT_EQ(smtp({"220 x", "250 x", "450 later", "550 no such user"}).refusal_code(), 450);
  EXPECT_EQ(smtp({"220 x", "250 x", "550 no such user", "450 later"}).refusal(), "450 later");
  EXPECT_EQ(smtp({"220 x", "250 x", "550 no such user", "551 moved"}).refusal_code(), 551);
}

TEST(SmtpReply, RefusalBeforeTheMailIsNoneOfTheMail) {
  SmtpReply reply = smtp({"220 x", "502 what?", "250 x", "235 welcome"});
  EXPECT_TRUE(reply.logged_in());
  reply.begin_mail();
  EXPECT_EQ(reply.refusal_code(), 0);
  EXPECT_EQ(reply.refusals(), 0);
}

TEST(TroubleWords, NeverQuoteTheUrl) {
  for (int code = 0; code < CURL_LAST; ++code) {
    const std::string words = trouble_words({.code = static_cast<CURLcode>(code),
                                             .peer = "127.0.0.1:9",
                                             .connect_timeout = std::chrono::seconds(5),
                                             .total_timeout = std::chrono::seconds(15),
                                             .took = {}});
    EXPECT_FALSE(words.empty());
    EXPECT_LE(words.size(), 200U) << words;
  }
}

// The figure in the message is the limit that ended the attempt, not another one.
TEST(TroubleWords, NameTheLimitThatWasReached) {
  TransferTrouble trouble{.code = CURLE_OPERATION_TIMEDOUT,
                          .peer = "127.0.0.1:25",
                          .connected = true,
                          .connect_timeout = std::chrono::minutes(2),
                          .total_timeout = std::chrono::minutes(10),
                          .took = 2min};
  EXPECT_EQ(trouble_words(trouble), "no complete answer from 127.0.0.1:25 within 2m");
  trouble.took = 10min;
  EXPECT_EQ(trouble_words(trouble), "no complete answer from 127.0.0.1:25 within 10m");
}

TEST(StatusWords, PhraseIsShownSafely) {
  EXPECT_EQ(status_words(204, "No Content"), "204 No Content");
  EXPECT_EQ(status_words(204, ""), "204");
  EXPECT_EQ(status_words(413, "Too Large"),
            "413 Too Large: the message is too large for the receiver");
  EXPECT_EQ(status_words(500, "\x1B[31mred"), "500 \\x1B[31mred");
}

}  // namespace
}  // namespace tocsin
