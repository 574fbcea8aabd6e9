// The sender against SMTP servers, willing and unwilling.
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>

#include "base/bytes.h"
#include "notify/curl_sender_fixture.h"

namespace tocsin {
namespace {

using Kind = SendOutcome::Kind;
using Replies = std::map<std::string, std::string>;

class CurlMailTest : public CurlSenderTest {
 protected:
  static MailMessage with_login(MailMessage message) {
    message.smtp.username = "user";
    message.smtp.password = Secret("secret");
    return message;
  }
};

TEST_F(CurlMailTest, MailIsSentWithItsEnvelope) {
  TinySmtpServer server(
      {{"EHLO", "250-tiny\r\n250 SIZE 1000000"}, {"DATA END", "250 2.0.0 queued"}});
  const SendOutcome outcome = send(mail(server.port()));
  EXPECT_EQ(outcome.kind, Kind::delivered);
  EXPECT_EQ(outcome.result, "250 2.0.0 queued");
  const std::vector<std::string> lines = server.lines();
  const auto has = [&](std::string_view start) {
    return std::ranges::any_of(lines,
                               [&](const std::string& line) { return line.starts_with(start); });
  };
  EXPECT_TRUE(has("MAIL FROM:<tocsin@example.org>"));
  EXPECT_TRUE(has("RCPT TO:<ops@example.org>"));
  EXPECT_TRUE(has("hello"));
  EXPECT_TRUE(has("..")) << "a lone dot in the text must be doubled";
  EXPECT_TRUE(has("line"));
}

TEST_F(CurlMailTest, GreylistingIsTriedAgain) {
  const SendOutcome outcome = send_mail({{"RCPT", "450 4.2.0 greylisted"}});
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_EQ(outcome.result, "450 4.2.0 greylisted");
}

TEST_F(CurlMailTest, UnknownReceiverIsRejected) {
  const SendOutcome outcome = send_mail({{"RCPT", "550 5.1.1 no such user"}});
  EXPECT_EQ(outcome.kind, Kind::rejected);
  EXPECT_EQ(outcome.result, "550 5.1.1 no such user");
}

TEST_F(CurlMailTest, RefusedMessageIsRejected) {
  const SendOutcome outcome = send_mail({{"DATA END", "554 5.7.1 spam"}});
  EXPECT_EQ(outcome.kind, Kind::rejected);
  EXPECT_EQ(outcome.result, "554 5.7.1 spam");
}

TEST_F(CurlMailTest, BusyServerIsTriedAgain) {
  const SendOutcome outcome = send_mail({{"BANNER", "421 4.3.2 too busy"}});
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_EQ(outcome.result, "421 4.3.2 too busy");
}

// One receiver who left must not keep the alert from the others.
TEST_F(CurlMailTest, OneRefusedReceiverOfTwoIsTold) {
  std::atomic<int> asked = 0;
  // Two replies to two RCPT commands need a server of their own.
  TinyServer scripted([&](int fd) {
    write_all(fd, "220 x\r\n");
    char buffer[2000];
    std::string received;
    bool in_message = false;
    while (true) {
      const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
      if (got <= 0) {
        return;
      }
      received.append(buffer, static_cast<size_t>(got));
      for (size_t end = received.find("\r\n"); end != std::string::npos;
           end = received.find("\r\n")) {
        const std::string line = received.substr(0, end);
        received.erase(0, end + 2);
        if (in_message && line != ".") {
          continue;
        }
        if (in_message) {
          in_message = false;
          write_all(fd, "250 taken\r\n");
        } else if (line.starts_with("RCPT")) {
          write_all(fd, asked++ == 0 ? "550 left\r\n" : "250 ok\r\n");
        } else if (line == "DATA") {
          in_message = true;
          write_all(fd, "354 go\r\n");
        } else {
          write_all(fd, "250 ok\r\n");
        }
      }
    }
  });
  MailMessage message = mail(scripted.port());
  message.to = {"gone@example.org", "ops@example.org"};
  const SendOutcome outcome = send(message);
  EXPECT_EQ(outcome.kind, Kind::delivered);
  EXPECT_EQ(outcome.result, "250 taken; but 1 of 2 receivers refused: 550 left");
}

// Somebody on the way takes STARTTLS out of the greeting: nothing may be sent in the clear.
TEST_F(CurlMailTest, MissingStarttlsSendsNothing) {
  TinySmtpServer server(Replies{{"EHLO", "250-tiny\r\n250 AUTH PLAIN"}});
  MailMessage message = with_login(mail(server.port()));
  message.smtp.security = SmtpSecurity::starttls;
  const SendOutcome outcome = send(message);
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_EQ(
      outcome.result,
      fmt::format(
          "127.0.0.1:{} does not offer STARTTLS, which this channel requires; nothing was sent",
          server.port()));
  for (const std::string& line : server.lines()) {
    EXPECT_TRUE(line.starts_with("EHLO") || line.starts_with("HELO") || line == "QUIT") << line;
  }
}

// Whoever gave a user name did not mean "or else without": nothing leaves, and the reason is told.
TEST_F(CurlMailTest, NoLoginOfferedSendsNothing) {
  for (const char* offered :
       {"250 ok", "250-tiny\r\n250 SIZE 1000", "250-tiny\r\n250 AUTH X-OURS"}) {
    TinySmtpServer server(Replies{{"EHLO", offered}});
    const SendOutcome outcome = send(with_login(mail(server.port())));
    EXPECT_EQ(outcome.kind, Kind::retry);
    EXPECT_EQ(outcome.result,
              fmt::format("127.0.0.1:{} offers no login that is known here, but this channel has a "
                          "username; nothing was sent. Remove username and password, or use the "
                          "server's port for logins (mostly 587 or 465)",
                          server.port()));
    for (const std::string& line : server.lines()) {
      EXPECT_TRUE(line.starts_with("EHLO") || line == "QUIT") << line;
    }
  }
}

TEST_F(CurlMailTest, LogsInBeforeTheMail) {
  TinySmtpServer server(Replies{{"EHLO", "250-tiny\r\n250 AUTH PLAIN"},
                                {"AUTH", "334 "},
                                {to_base64(std::string("\0user\0secret", 12)), "235 welcome"}});
  EXPECT_EQ(send(with_login(mail(server.port()))).kind, Kind::delivered);
  const std::vector<std::string> lines = server.lines();
  ASSERT_GE(lines.size(), 4U);
  EXPECT_EQ(lines[1], "AUTH PLAIN");
  EXPECT_TRUE(lines[3].starts_with("MAIL FROM")) << lines[3];
}

TEST_F(CurlMailTest, RefusedLoginIsTriedAgain) {
  TinySmtpServer server(
      Replies{{"EHLO", "250-tiny\r\n250 AUTH PLAIN"}, {"AUTH", "535 5.7.8 wrong password"}});
  const SendOutcome outcome = send(with_login(mail(server.port())));
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_EQ(outcome.result, "535 5.7.8 wrong password");
}

// A server of old that knows no EHLO has refused nothing of the mail.
TEST_F(CurlMailTest, ServerWithoutEhloTakesMail) {
  const SendOutcome outcome =
      send_mail({{"EHLO", "502 5.5.1 what?"}, {"DATA END", "250 2.0.0 queued"}});
  EXPECT_EQ(outcome.kind, Kind::delivered);
  EXPECT_EQ(outcome.result, "250 2.0.0 queued");
}

// A server that takes the message and then never says goodbye must not hold up the other channels.
TEST_F(CurlMailTest, SilentGoodbyeDoesNotHoldUpOthers) {
  start();
  TinySmtpServer silent(Replies{{"QUIT", ""}});
  TinyHttpServer quick("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(send(mail(silent.port())).kind, Kind::delivered);
  EXPECT_EQ(send(http(quick.url())).kind, Kind::delivered);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
}

TEST_F(CurlMailTest, AddressThatCouldSmuggleIsRejected) {
  TinySmtpServer server(Replies{});
  for (const char* address : {"a@b>\r\nRCPT TO:<c@d", "a b@c", "", "<a@b>"}) {
    MailMessage message = mail(server.port());
    message.to = {address};
    EXPECT_EQ(send(message).kind, Kind::rejected) << address;
  }
  EXPECT_TRUE(server.lines().empty());
}

}  // namespace
}  // namespace tocsin
