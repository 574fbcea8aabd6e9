#include "notify/email/payload.h"

#include <gtest/gtest.h>

#include "notify/email/html.h"
#include "notify/email/quoted_printable.h"
#include "notify/notice_samples.h"

namespace tocsin {
namespace {

Result<MailMessage> message_for(const NoticeFacts& facts,
                                const Channel& channel = samples::email()) {
  return email_message(channel, samples::delivery(facts, channel), facts);
}

std::string header(const std::string& content, const std::string& name) {
  const size_t at = content.find("\r\n" + name + ": ");
  if (at == std::string::npos || at > content.find("\r\n\r\n")) {
    return "";
  }
  const size_t start = at + name.size() + 4;
  return content.substr(start, content.find("\r\n", start) - start);
}

// A bare CR or LF is read differently by different servers: the root of SMTP smuggling.
TEST(EmailMessage, EveryLineEndsInCrlfAndIsShort) {
  for (const auto& [name, facts] : samples::all()) {
    const std::string content = message_for(facts).value().content;
    size_t line = 0;
    for (size_t i = 0; i < content.size(); ++i) {
      EXPECT_EQ(content[i] == '\n', i > 0 && content[i - 1] == '\r') << name << " at " << i;
      EXPECT_TRUE(static_cast<unsigned char>(content[i]) < 0x80) << name;
      EXPECT_NE(content[i], '\0');
      line = content[i] == '\n' ? 0 : line + 1;
      EXPECT_LE(line, 100U) << name;
    }
    EXPECT_TRUE(content.ends_with("--\r\n"));
  }
}

TEST(EmailMessage, HostileNamesAddNoHeader) {
  const auto count = [](const std::string& content) {
    const std::string block = content.substr(0, content.find("\r\n\r\n"));
    int headers = 1;
    for (size_t at = block.find("\r\n"); at != std::string::npos; at = block.find("\r\n", at + 2)) {
      headers += block[at + 2] == ' ' ? 0 : 1;
    }
    return headers;
  };
  EXPECT_EQ(count(message_for(samples::hostile()).value().content),
            count(message_for(samples::down()).value().content));
}

// All mails of one incident form one thread; a repeat is the same message.
TEST(EmailMessage, ThreadsByIncident) {
  const std::string down = message_for(samples::down()).value().content;
  const std::string recovered = message_for(samples::recovered()).value().content;
  EXPECT_NE(header(down, "Message-ID"), header(recovered, "Message-ID"));
  EXPECT_EQ(header(down, "References"), header(recovered, "References"));
  EXPECT_EQ(header(down, "In-Reply-To"), header(down, "References"));
  EXPECT_EQ(down, message_for(samples::down()).value().content);
  EXPECT_EQ(header(message_for(samples::test()).value().content, "In-Reply-To"), "");
}

// Without this an out-of-office answer comes back to every alert (RFC 3834).
TEST(EmailMessage, SaysThatAMachineWroteIt) {
  EXPECT_EQ(header(message_for(samples::down()).value().content, "Auto-Submitted"),
            "auto-generated");
}

TEST(EmailMessage, EnvelopeIsBareAddresses) {
  const MailMessage message = message_for(samples::down()).value();
  EXPECT_EQ(message.from, "tocsin@example.org");
  EXPECT_EQ(message.to, (std::vector<std::string>{"ops@example.org", "zoe@example.org"}));
}

TEST(EmailMessage, WrongChannelSaysWhatToDo) {
  const auto error = [](auto change) {
    Channel channel = samples::email();
    change(channel);
    const auto message = message_for(samples::down(), channel);
    return message ? std::string("no error") : message.error().message;
  };
  EXPECT_EQ(error([](Channel& c) { c.to.clear(); }),
            "channel \"mail\": it has 0 receivers; write 1 to 50 under \"to\"");
  EXPECT_EQ(error([](Channel& c) { c.to = {"a\nb@c"}; }),
            "channel \"mail\": \"a\\nb@c\" is not a mail address (write ops@example.org or \"Name "
            "<ops@example.org>\")");
  EXPECT_EQ(error([](Channel& c) { c.from = ""; }),
            "channel \"mail\": \"\" is not a mail address (write ops@example.org or \"Name "
            "<ops@example.org>\")");
  EXPECT_EQ(error([](Channel& c) { c.smtp.host = ""; }), "channel \"mail\": it has no SMTP host");
}

TEST(NoticeHtml, EverythingIsEscaped) {
  const std::string html = notice_html(samples::hostile());
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(html.find("onclick=\""), std::string::npos);
  EXPECT_EQ(html.find("<b>"), std::string::npos);
  EXPECT_EQ(html.find("href"), std::string::npos) << "javascript: must not become a link";
}

TEST(NoticeHtml, LinksAreQuoted) {
  const std::string html = notice_html(samples::down());
  EXPECT_NE(html.find("<a href=\"https://wiki.example.org/redis?page=1&amp;part=2\">"),
            std::string::npos);
}

TEST(QuotedPrintable, Examples) {
  EXPECT_EQ(quoted_printable("abc"), "abc\r\n");
  EXPECT_EQ(quoted_printable("a=b\n"), "a=3Db\r\n");
  EXPECT_EQ(quoted_printable("ä \r\nx"), "=C3=A4 =0D\r\nx\r\n");
  EXPECT_EQ(quoted_printable("end "), "end=20\r\n");
  EXPECT_EQ(quoted_printable(""), "\r\n");
  EXPECT_EQ(quoted_printable(std::string(80, 'x')),
            std::string(75, 'x') + "=\r\n" + std::string(5, 'x') + "\r\n");
}

}  // namespace
}  // namespace tocsin
