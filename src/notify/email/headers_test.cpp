#include "notify/email/headers.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace tocsin {
namespace {

std::string subject(std::string_view value) {
  MailHeaders headers;
  headers.text(MailHeader::subject, value);
  return headers.block();
}

// Lines that begin a header, that is all but folded ones.
int header_count(std::string_view block) {
  int count = 0;
  while (!block.empty()) {
    count += block.front() != ' ' && block.front() != '\t' ? 1 : 0;
    const size_t end = block.find("\r\n");
    block = end == std::string_view::npos ? std::string_view() : block.substr(end + 2);
  }
  return count;
}

TEST(MailHeaders, PlainSubjectStaysReadable) {
  EXPECT_EQ(subject("DOWN: Redis sessions (127.0.0.1:6379): connection refused"),
            "Subject: DOWN: Redis sessions (127.0.0.1:6379): connection refused\r\n");
}

TEST(MailHeaders, LongSubjectIsFoldedAtSpaces) {
  EXPECT_EQ(
      subject("one two three four five six seven eight nine ten eleven twelve thirteen fourteen"),
      "Subject: one two three four five six seven eight nine ten eleven twelve\r\n"
      " thirteen fourteen\r\n");
}

TEST(MailHeaders, OtherLettersBecomeEncodedWords) {
  EXPECT_EQ(subject("DOWN: Käse"), "Subject: =?UTF-8?B?RE9XTjogS8Okc2U=?=\r\n");
}

// RFC 2047: each encoded-word by itself must be whole characters, at most 75 long.
TEST(MailHeaders, LongEncodedSubjectIsCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 60; ++i) {
    text += "\xF0\x9F\x94\xA5";
  }
  const std::string block = subject(text);
  std::string_view rest = block;
  rest.remove_prefix(rest.find("=?"));
  std::string decoded;
  while (rest.starts_with("=?UTF-8?B?")) {
    const size_t end = rest.find("?=");
    EXPECT_LE(end + 2 + std::string_view("Subject: ").size(), 76U);
    const std::string word = from_base64(rest.substr(10, end - 10)).value();
    EXPECT_TRUE(is_valid_utf8(word));
    decoded += word;
    rest.remove_prefix(std::min(rest.size(), end + 5));
  }
  EXPECT_EQ(decoded, text);
}

// Text that looks encoded must not be decoded by the reader's program into something else.
TEST(MailHeaders, LooksEncodedIsEncoded) {
  EXPECT_EQ(subject("=?UTF-8?Q?x?=").find("=?UTF-8?Q"), std::string::npos);
}

// The classic: a name with line ends adds receivers or ends the block.
TEST(MailHeaders, NoTextAddsAHeader) {
  const std::string_view attacks[] = {"a\r\nBcc: b@c", "a\nBcc: b@c",
                                      "a\rBcc: b@c",   "a\r\n\r\nbody",
                                      "\r\n",          std::string_view("a\0b", 3),
                                      "a\r\n Bcc: x",  "a\x0B\x0C",
                                      "\u2028Bcc: b",  ""};
  for (const std::string_view attack : attacks) {
    MailHeaders headers;
    headers.text(MailHeader::subject, attack);
    headers.fixed(MailHeader::mime_version, "1.0");
    EXPECT_EQ(header_count(headers.block()), 2) << headers.block();
    EXPECT_EQ(headers.block().find("\r\n\r\n"), std::string::npos);
    EXPECT_EQ(headers.block().find('\0'), std::string::npos);
  }
}

// Even encoded, a control character has no business in what the reader's program shows.
TEST(MailHeaders, ControlCharactersBecomeSpaces) {
  EXPECT_EQ(subject("a\r\tb\x7F"
                    "c"),
            subject("a  b c"));
  EXPECT_EQ(subject("a\nb"), "Subject: a b\r\n");
}

TEST(MailHeaders, MessageIdTakesTheSendersDomain) {
  const MailAddress from = MailAddress::parse("tocsin@example.org").value();
  MailHeaders headers;
  headers.message_id(MailHeader::message_id, "ab12>\r\nX: y", from);
  EXPECT_EQ(headers.block(), "Message-ID: <ab12Xy@example.org>\r\n");
}

TEST(MailHeaders, DateIsInUtc) {
  MailHeaders headers;
  headers.date(MailHeader::date, parse_rfc3339("2026-11-01T04:03:20.9Z").value());
  EXPECT_EQ(headers.block(), "Date: Sun, 1 Nov 2026 04:03:20 +0000\r\n");
}

TEST(MailHeaders, DisplayNamesAreEncodedWhenNotPlain) {
  const std::vector<MailAddress> to = {
      MailAddress::parse("Ops <ops@example.org>").value(),
      MailAddress::parse("\"Zoë, boss\" <zoe@example.org>").value(),
      MailAddress::parse("x@example.org").value()};
  MailHeaders headers;
  headers.addresses(MailHeader::to, to);
  EXPECT_EQ(headers.block(),
            "To: Ops <ops@example.org>,\r\n =?UTF-8?B?Wm/DqywgYm9zcw==?= <zoe@example.org>,\r\n"
            " x@example.org\r\n");
}

TEST(MailAddress, AcceptsWhatPeopleWrite) {
  for (const char* text : {"a@b", "first.last+tag@sub.example.org", " a@b.c ", "<a@b.c>",
                           "Name With Spaces <a@b.c>", "\"Quoted, Name\" <a@b.c>"}) {
    EXPECT_TRUE(MailAddress::parse(text).has_value()) << text;
  }
}

// Every one of these could change the mail or the SMTP dialogue.
TEST(MailAddress, RefusesWhatCouldSmuggle) {
  for (const char* text : {"", "a", "@b", "a@", "a b@c", "a@b c", "a@b\r\nRCPT TO:<x@y>", "a@b,c@d",
                           "a@b>", "<a@b", "\"a b\"@c", "N\r\nBcc: x <a@b>", "a@[127.0.0.1]",
                           "a@b..c", "ä@b.c", "a@b> <c@d", "a@b;c"}) {
    EXPECT_FALSE(MailAddress::parse(text).has_value()) << text;
  }
  EXPECT_FALSE(MailAddress::parse(std::string(70, 'a') + "@b").has_value());
  EXPECT_EQ(
      MailAddress::parse("a b@c").error().message,
      "\"a b@c\" is not a mail address (write ops@example.org or \"Name <ops@example.org>\")");
}

}  // namespace
}  // namespace tocsin
