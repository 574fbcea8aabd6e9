// The sender against HTTP receivers of every kind: what each does to an attempt, and what is told
// of it.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "base/limits.h"
#include "notify/curl_sender_fixture.h"

namespace tocsin {
namespace {

using Kind = SendOutcome::Kind;

TEST_F(CurlSenderTest, PostsTheBodyWithItsHeaders) {
  TinyHttpServer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  HttpMessage message = http(server.url("/hook?token=s"));
  message.headers.emplace_back("webhook-id", Secret("abc"));
  message.headers.emplace_back("x-empty", Secret(""));
  const SendOutcome outcome = send(message);
  EXPECT_EQ(outcome.kind, Kind::delivered);
  EXPECT_EQ(outcome.result, "200 OK");
  EXPECT_GT(outcome.took, Duration(0));
  EXPECT_EQ(outcomes[0].first, 7U);
  ASSERT_EQ(server.requests().size(), 1U);
  const std::string request = server.requests()[0];
  EXPECT_TRUE(request.starts_with("POST /hook?token=s HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("\r\nwebhook-id: abc\r\n"), std::string::npos);
  EXPECT_NE(request.find("\r\nx-empty:\r\n"), std::string::npos);
  EXPECT_EQ(request.find("Expect:"), std::string::npos);
  EXPECT_TRUE(request.ends_with("\r\n\r\n{\"a\":1}"));
}

TEST_F(CurlSenderTest, StatusDecides) {
  EXPECT_EQ(send_to("HTTP/1.1 204 No Content\r\n\r\n").kind, Kind::delivered);
  EXPECT_EQ(send_to("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n").kind,
            Kind::retry);
  const SendOutcome gone = send_to("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(gone.kind, Kind::rejected);
  EXPECT_EQ(gone.result, "410 Gone: the receiver says that it is gone for good");
}

TEST_F(CurlSenderTest, TooManyRequestsTellsHowLongToWait) {
  const SendOutcome outcome =
      send_to("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_EQ(outcome.retry_after, Duration(17s));
}

// A redirect could carry a signed message to a stranger, or to an address behind the reach gate.
TEST_F(CurlSenderTest, RedirectIsNotFollowed) {
  TinyHttpServer other("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  const SendOutcome outcome = send_to(fmt::format(
      "HTTP/1.1 301 Moved Permanently\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", other.url()));
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_EQ(outcome.result,
            "301 Moved Permanently: redirects are not followed, write the final URL");
  EXPECT_TRUE(other.requests().empty());
}

TEST_F(CurlSenderTest, RefusedNamesTheAddressAndNoSecret) {
  uint16_t port = 0;
  {
    const TinyServer closed([](int) {});
    port = closed.port();
  }
  const SendOutcome outcome =
      send(http(fmt::format("http://user:secret@127.0.0.1:{}/x?key=secret", port)));
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_EQ(outcome.result, fmt::format("connection refused by 127.0.0.1:{}", port));
}

TEST_F(CurlSenderTest, HangingReceiverTimesOut) {
  start(kShort);
  TinyHttpServer server([](int fd) { wait_for_close(fd); });
  const SendOutcome outcome = send(http(server.url()));
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_EQ(outcome.result,
            fmt::format("no complete answer from 127.0.0.1:{} within 200ms", server.port()));
  EXPECT_GE(outcome.took, Duration(190ms));
}

TEST_F(CurlSenderTest, HangingReceiverDoesNotDelayAnother) {
  start();
  TinyHttpServer hanging([](int fd) { wait_for_close(fd); });
  TinyHttpServer quick("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  sender->send(1, http(hanging.url()), *this);
  sender->send(2, http(quick.url()), *this);
  ASSERT_TRUE(mailbox.run_one());
  EXPECT_EQ(outcomes[0].first, 2U);
  EXPECT_LT(outcomes[0].second.took, Duration(5s));
}

// Another service on the port, or a proxy in trouble: what it is today it need not be tomorrow, and
// a notice that was given up is lost.
TEST_F(CurlSenderTest, AnswerThatIsNotHttpIsTriedAgain) {
  for (const std::string reply :
       {"SSH-2.0-x\r\n", "\x1b[31mnonsense\r\n\r\n", "HTTP/9.9 what\r\n\r\n"}) {
    TinyHttpServer server(reply);
    const SendOutcome outcome = send(http(server.url()));
    EXPECT_EQ(outcome.kind, Kind::retry) << reply << ": " << outcome.result;
  }
  TinyHttpServer server("SSH-2.0-x\r\n");
  EXPECT_EQ(send(http(server.url())).result,
            fmt::format("127.0.0.1:{} answered something that is not HTTP", server.port()));
}

TEST_F(CurlSenderTest, ClosedWithoutAnswerIsTriedAgain) {
  TinyHttpServer server([](int) {});
  const SendOutcome outcome = send(http(server.url()));
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_EQ(outcome.result,
            fmt::format("127.0.0.1:{} closed the connection without an answer", server.port()));
}

// A gigabyte of answer costs 64 KiB; the receiver has said 200 all the same.
TEST_F(CurlSenderTest, EndlessBodyIsCut) {
  std::atomic<size_t> written = 0;
  const size_t gigabyte = size_t{1} << 30U;
  TinyHttpServer server([&](int fd) {
    write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
    const std::string chunk(64_KiB, 'x');
    while (written < gigabyte && write_all(fd, chunk)) {
      written += chunk.size();
    }
  });
  const SendOutcome outcome = send(http(server.url()));
  EXPECT_EQ(outcome.kind, Kind::delivered);
  EXPECT_EQ(outcome.result, "200 OK");
  EXPECT_LT(written, size_t{64} << 20U);
}

TEST_F(CurlSenderTest, EndlessHeaderIsCut) {
  TinyHttpServer server([](int fd) {
    write_all(fd, "HTTP/1.1 200 OK\r\n");
    while (write_all(fd, "x-more: " + std::string(1000, 'x') + "\r\n")) {
    }
  });
  EXPECT_EQ(send(http(server.url())).kind, Kind::retry);
}

// The cloud's metadata service gives its credentials to whoever connects from here. Tried again all
// the same: a resolver that lies for an hour must not end a notice.
TEST_F(CurlSenderTest, ReachGateRefusesLinkLocal) {
  const SendOutcome outcome = send(http("http://169.254.169.254/latest/meta-data"));
  EXPECT_EQ(outcome.kind, Kind::retry);
  const SocketAddress to{
      .ip = IpAddress::parse("169.254.169.254").value(), .port = 80, .unix_path = {}};
  EXPECT_EQ(outcome.result, reach.refuse(to, ReachRole::operator_files).value());
}

TEST_F(CurlSenderTest, OtherProtocolsAreRejected) {
  for (const char* url :
       {"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "smtp://127.0.0.1/"}) {
    const SendOutcome outcome = send(http(url));
    EXPECT_EQ(outcome.kind, Kind::rejected) << url;
    EXPECT_EQ(outcome.result, "the URL is neither http nor https");
  }
  EXPECT_EQ(send(http("http://")).result, "the URL cannot be read");
}

// The last gate before the wire.
TEST_F(CurlSenderTest, HeaderWithALineEndIsRejected) {
  TinyHttpServer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  for (const auto& [name, value] :
       {std::pair("x-a", "1\r\nx-b: 2"), std::pair("x-a\r\nx-b", "1")}) {
    HttpMessage message = http(server.url());
    message.headers.emplace_back(name, Secret(value));
    EXPECT_EQ(send(message).kind, Kind::rejected);
  }
  EXPECT_TRUE(server.requests().empty());
}

// A proxy named in the environment would see every message, and would connect past the gate.
TEST_F(CurlSenderTest, ProxyOfTheEnvironmentIsNotUsed) {
  TinyHttpServer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  ASSERT_EQ(setenv("http_proxy", "http://127.0.0.1:1/", 1), 0);
  const SendOutcome outcome = send(http(server.url()));
  unsetenv("http_proxy");
  EXPECT_EQ(outcome.kind, Kind::delivered) << outcome.result;
}

TEST_F(CurlSenderTest, FullQueueAnswersBusyAtOnce) {
  start({.transfers_max = 1, .waiting_max = 0});
  const SendOutcome outcome = send(http("http://127.0.0.1:1/"));
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_EQ(outcome.result, "busy: too many messages are on their way at once");
}

// Waiting inside counts against the time of the attempt, else the outbox would wait for ever.
TEST_F(CurlSenderTest, WaitingInsideEndsInBusy) {
  start({.http = {.connect = kShortTime, .total = kShortTime},
         .patience = kShortTime,
         .transfers_max = 1});
  TinyHttpServer hanging([](int fd) { wait_for_close(fd); });
  for (uint64_t token = 1; token <= 3; ++token) {
    sender->send(token, http(hanging.url()), *this);
  }
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(mailbox.run_one());
  }
  ASSERT_EQ(outcomes.size(), 3U);
  const auto third =
      std::ranges::find(outcomes, uint64_t{3}, [](const auto& row) { return row.first; });
  ASSERT_NE(third, outcomes.end());
  EXPECT_EQ(third->second.result, "busy: too many messages are on their way at once");
}

// Somebody waits for a test: it ends in the time it asks for, whatever the sender's own is; a mail
// server that says nothing has ten minutes else.
TEST_F(CurlSenderTest, MessageMayAskForLessTime) {
  TinyHttpServer hanging([](int fd) { wait_for_close(fd); });
  HttpMessage hook = http(hanging.url());
  hook.within = kShortTime;
  EXPECT_EQ(send(hook).kind, Kind::retry);
  MailMessage letter = mail(hanging.port());
  letter.within = kShortTime;
  const SendOutcome outcome = send(letter);
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_LT(outcome.took, 10s) << outcome.result;
}

// The program ends while a receiver hangs: nobody waits, no outcome comes.
TEST_F(CurlSenderTest, DestructorEndsRunningTransfers) {
  start();
  std::atomic<bool> connected = false;
  TinyHttpServer hanging([&](int fd) {
    connected = true;
    connected.notify_one();
    wait_for_close(fd);
  });
  sender->send(1, http(hanging.url()), *this);
  connected.wait(false);
  sender.reset();
  EXPECT_TRUE(outcomes.empty());
}

}  // namespace
}  // namespace tocsin
