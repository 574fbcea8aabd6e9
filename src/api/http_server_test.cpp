#include "api/http_server.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <future>
#include <thread>

#include "api/dispatch.h"
#include "api/http_test_client.h"
#include "api/token.h"
#include "base/scratch_folder.h"

namespace tocsin {
namespace {

class FixedClock final : public Clock {
 public:
  SystemTime system_now() const override { return SystemTime(784111777s); }
  SteadyTime steady_now() const override { return SteadyTime(1s); }
};

void no_handler(ApiContext&, const ApiRequest&, const Respond&) {}

// A server on a free port that answers with what it understood: method, path, body length, caller.
class HttpServerTest : public ::testing::Test {
 public:
  ~HttpServerTest() override { server_.reset(); }

 protected:
  HttpServerTest() {
    settings_.listen = {{.ip = IpAddress::parse("127.0.0.1").value(), .port = 0}};
  }
  static std::string token_of(uint8_t seed) {
    std::array<uint8_t, 32> random{};
    random.fill(seed);
    return token_text(random);
  }

  void start() {
    tokens_.set_tokens(
        {{.id = "r", .hash = token_hash(token_of(1)), .scope = "read", .name = "R"},
         {.id = "w", .hash = token_hash(token_of(2)), .scope = "write", .name = "W"}});
    start([this](ApiRequest request, const Respond& respond) {
      const auto admitted =
          admit(routes_, tokens_, {.now = clock_.system_now(), .public_url = ""}, request);
      if (const auto* refusal = std::get_if<ApiResponse>(&admitted)) {
        respond(*refusal);
        return;
      }
      respond({.content_type = "text/plain",
               .body = request.method + " " + request.target + " " +
                       std::to_string(request.body.size()) + " " + request.caller.name + "\n"});
    });
  }

  void start(HttpServer::Handle handle) {
    auto opened = HttpServer::open(settings_, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    server_ = std::move(*opened);
    server_->serve(std::move(handle));
  }

  RawClient connect(size_t which = 0) const { return RawClient(server_->addresses().at(which)); }

  // The answer to one request on a connection of its own.
  std::string ask(const std::string& bytes) const {
    RawClient client = connect();
    client.send(bytes);
    return client.read_answer();
  }

  static std::string get(const std::string& path, const std::string& lines = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: t\r\n" + lines + "\r\n";
  }
  static std::string bearer(const std::string& token) {
    return "Authorization: Bearer " + token + "\r\n";
  }

  const std::vector<Route> routes_ = {
      {"GET", "/open", Scope::none, {"x"}, no_handler},
      {"GET", "/data", Scope::read, {}, no_handler},
      {"POST", "/data", Scope::write, {}, no_handler},
  };
  FixedClock clock_;
  Authenticator tokens_;
  HttpSettings settings_;
  ScratchFolder folder_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersAndKeepsTheConnection) {
  start();
  RawClient client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send(get("/open"));
    const std::string answer = client.read_answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nGET /open 0 \n")) << answer;
    EXPECT_NE(answer.find("Connection: keep-alive"), std::string::npos);
  }
}

// Several requests in one packet are answered one after the other, in order.
TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  RawClient client = connect();
  client.send(get("/open?x=1") + get("/open?x=2") + get("/open?x=3", "Connection: close\r\n"));
  EXPECT_TRUE(client.read_answer().ends_with("x=1 0 \n"));
  EXPECT_TRUE(client.read_answer().ends_with("x=2 0 \n"));
  EXPECT_TRUE(client.read_answer().ends_with("x=3 0 \n"));
  EXPECT_TRUE(client.is_closed_by_server());
}

// Cut at every byte into two packets, the answer is the same.
TEST_F(HttpServerTest, ReadsARequestInAnyPieces) {
  start();
  const std::string request =
      "POST /data HTTP/1.1\r\nHost: t\r\n" + bearer(token_of(2)) +
      "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
  RawClient client = connect();
  for (size_t cut = 1; cut < request.size(); ++cut) {
    client.send(request.substr(0, cut));
    client.send(request.substr(cut));
    const std::string answer = client.read_answer();
    ASSERT_TRUE(answer.ends_with("POST /data 5 W\n")) << cut << ": " << answer;
  }
}

TEST_F(HttpServerTest, HeadHasTheLengthButNoBody) {
  start();
  RawClient client = connect();
  client.send("HEAD /open HTTP/1.1\r\nHost: t\r\n\r\n");
  const std::string answer = client.read_answer(true);
  EXPECT_NE(answer.find("Content-Length: 14\r\n"), std::string::npos) << answer;
  client.send(get("/open"));
  EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200")) << "no body was left in between";
}

// The gate in front of every handler, over a real connection.
TEST_F(HttpServerTest, ChecksTokenAndScope) {
  start();
  const auto status = [this](const std::string& request) { return ask(request).substr(9, 3); };
  EXPECT_EQ(status(get("/data")), "401");
  EXPECT_EQ(status(get("/data", bearer(token_of(9)))), "401");
  EXPECT_EQ(status(get("/data", bearer(token_of(1)))), "200");
  const std::string post = "POST /data HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n";
  EXPECT_EQ(status(post + bearer(token_of(1)) + "\r\n"), "403");
  EXPECT_EQ(status(post + bearer(token_of(2)) + "\r\n"), "200");
  EXPECT_EQ(status(get("/nothing")), "404");
  EXPECT_EQ(status("PUT /data HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n"), "405");
  EXPECT_NE(ask("TRACE /data HTTP/1.1\r\nHost: t\r\n\r\n").find("Allow: GET, HEAD, POST\r\n"),
            std::string::npos);
}

// T12: each of these could mean two different things to two servers. All are 400, and the
// connection ends.
TEST_F(HttpServerTest, RefusesTheSmugglingCorpusAndCloses) {
  start();
  const std::string begin = "POST /open HTTP/1.1\r\nHost: t\r\n";
  const std::string chunked = begin + "Transfer-Encoding: chunked\r\n\r\n";
  const std::vector<std::string> corpus = {
      begin + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
      begin + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nG",
      begin + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
      begin + "Content-Length: 5\r\nContent-Length: 0\r\n\r\nabcde",
      begin + "Content-Length: -5\r\n\r\nabcde",
      begin + "Content-Length: +5\r\n\r\nabcde",
      begin + "Content-Length: 5,5\r\n\r\nabcde",
      begin + "Content-Length: \r\n\r\nabcde",
      begin + "Content-Length: 18446744073709551621\r\n\r\nabcde",
      begin + "Content-Length : 5\r\n\r\nabcde",
      begin + "Transfer-Encoding: identity\r\n\r\n",
      begin + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
      begin + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
      begin + "X: a\r\n Content-Length: 5\r\n\r\nabcde",
      begin + "X: a\n\r\n",
      begin + ": 5\r\n\r\n",
      "GET /open HTTP/1.1\nHost: t\n\n",
      "GET /open HTTP/1.1\r\n\r\n",
      "GET /open HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n",
      "GET /open HTTP/9.9\r\nHost: t\r\n\r\n",
      "GET http://t/open HTTP/1.1\r\nHost: t\r\n\r\n",
      "GET /open\r\n\r\n",
      "GET /op\001en HTTP/1.1\r\nHost: t\r\n\r\n",
      begin + "X: " + std::string(1, '\0') + "\r\n\r\n",
      "\x16\x03\x01\x02" + std::string(1, '\0') + "\x01",
      get("/open", "X: " + std::string(kHttpHeaderBytesMax, 'a') + "\r\n"),
      chunked + "xyz\r\n",
      chunked + "-1\r\n\r\n",
      chunked + "3\r\nabcd\r\n0\r\n\r\n",
      chunked + "fffffffffffffffff\r\n",
      chunked + "3\r\nabcX0\r\n\r\n",
      chunked + "\r\n\r\n",
      chunked + " 3\r\nabc\r\n0\r\n\r\n",
  };
  for (const std::string& bytes : corpus) {
    RawClient client = connect();
    client.send(bytes);
    const std::string answer = client.read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << bytes << "\n-> " << answer;
    EXPECT_NE(answer.find("application/problem+json"), std::string::npos);
    EXPECT_NE(answer.find("X-Content-Type-Options: nosniff\r\n"), std::string::npos);
    EXPECT_EQ(answer.find("\nHTTP/1.1 "), std::string::npos)
        << "one answer, then the end: " << bytes;
    EXPECT_TRUE(answer.ends_with('}')) << answer;
  }
}

// The library waits for a CRLF that never comes: such a request is not answered as if it were
// whole.
TEST_F(HttpServerTest, BareLineEndsBetweenChunksAreNeverRead) {
  settings_.limits.idle_time = 30ms;
  start();
  RawClient client = connect();
  client.send("POST /open HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n");
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(HttpServerTest, RefusesABodyOverTheLimit) {
  settings_.limits.body_bytes = 10;
  start();
  const std::string begin = "POST /data HTTP/1.1\r\nHost: t\r\n" + bearer(token_of(2));
  EXPECT_TRUE(ask(begin + "Content-Length: 10\r\n\r\n0123456789").starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(ask(begin + "Content-Length: 11\r\n\r\n").starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(
      ask(begin + "Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n")
          .starts_with("HTTP/1.1 413"));
}

// curl sends larger bodies only after this word.
TEST_F(HttpServerTest, SaysContinueWhenAsked) {
  start();
  RawClient client = connect();
  client.send("POST /data HTTP/1.1\r\nHost: t\r\n" + bearer(token_of(2)) +
              "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ab");
  EXPECT_TRUE(client.read_answer().ends_with("POST /data 2 W\n"));
}

// Slowloris: a head that never ends is cut, however steadily it drips.
TEST_F(HttpServerTest, CutsASlowHead) {
  settings_.limits.header_time = 30ms;
  start();
  RawClient silent = connect();
  RawClient slow = connect();
  slow.send("GET /open HT");
  EXPECT_TRUE(silent.is_closed_by_server());
  EXPECT_TRUE(slow.read_all().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(HttpServerTest, CutsASlowBodyAndAnIdleConnection) {
  settings_.limits.idle_time = 30ms;
  start();
  RawClient idle = connect();
  idle.send(get("/open"));
  EXPECT_TRUE(idle.read_answer().starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(idle.is_closed_by_server());
  RawClient slow = connect();
  slow.send("POST /open HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_TRUE(slow.read_all().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
}

// One client cannot take all places; closing one makes room again.
TEST_F(HttpServerTest, LimitsConnectionsOfOneClient) {
  settings_.limits.connections_per_proxy = 1;
  start();
  {
    RawClient first = connect();
    first.send(get("/open", "Connection: close\r\n"));
    RawClient second = connect();
    EXPECT_TRUE(second.read_all().starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
    EXPECT_TRUE(first.read_answer().starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(first.is_closed_by_server());
  }
  std::string answer;
  for (int i = 0; i < 100 && !answer.starts_with("HTTP/1.1 200"); ++i) {
    answer = ask(get("/open"));  // the server learns of the close when it next looks
  }
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200"));
}

// Connections that are only held must not shut out whoever has something to say.
TEST_F(HttpServerTest, WhoSaysNothingMakesRoom) {
  settings_.limits.connections_per_proxy = 2;
  settings_.limits.silent_time = 0s;
  start();
  RawClient silent = connect();
  RawClient idle = connect();
  idle.send(get("/open"));
  EXPECT_TRUE(idle.read_answer().starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(ask(get("/open")).starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(ask(get("/open")).starts_with("HTTP/1.1 200"));
}

// A connection that has just come may be about to speak.
TEST_F(HttpServerTest, WhoHasJustComeIsNotPushedOut) {
  settings_.limits.connections_per_proxy = 1;
  start();
  RawClient first = connect();
  EXPECT_TRUE(connect().read_all().starts_with("HTTP/1.1 503"));
  first.send(get("/open"));
  EXPECT_TRUE(first.read_answer().starts_with("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, EchoesAFitRequestIdAndMakesOneOtherwise) {
  start();
  EXPECT_NE(ask(get("/open", "X-Request-Id: abc-1.2_Z\r\n")).find("X-Request-Id: abc-1.2_Z\r\n"),
            std::string::npos);
  const std::string answer = ask(get("/open", "X-Request-Id: no<script>\r\n"));
  EXPECT_EQ(answer.find("script"), std::string::npos);
  EXPECT_NE(answer.find("X-Request-Id: "), std::string::npos);
}

// The engine answers from its own thread, later; the connection waits meanwhile.
TEST_F(HttpServerTest, AHandlerMayAnswerLaterFromAnyThread) {
  std::promise<Respond> kept;
  start([&kept](const ApiRequest&, const Respond& respond) { kept.set_value(respond); });
  RawClient client = connect();
  client.send(get("/x"));
  kept.get_future().get()({.body = "late"});
  EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nlate"));
}

// A handler that forgets its caller must not leave it waiting.
TEST_F(HttpServerTest, ADroppedRespondAnswers503) {
  start([](const ApiRequest&, const Respond&) {});
  EXPECT_TRUE(ask(get("/x")).starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
}

// The late answer must not be taken for that of the next request.
TEST_F(HttpServerTest, AnAnswerThatTakesTooLongIs503) {
  settings_.limits.answer_time = 20ms;
  std::promise<Respond> kept;
  start([&kept](const ApiRequest& request, const Respond& respond) {
    request.target == "/slow" ? kept.set_value(respond) : respond({.body = "second"});
  });
  RawClient client = connect();
  client.send(get("/slow"));
  EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
  kept.get_future().get()({.body = "too late"});
  client.send(get("/next"));
  EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nsecond"));
}

// Answers under way leave; idle connections close; no new ones come in.
TEST_F(HttpServerTest, StopLetsAnswersLeave) {
  std::promise<Respond> kept;
  start([&kept](const ApiRequest&, const Respond& respond) { kept.set_value(respond); });
  RawClient idle = connect();
  RawClient busy = connect();
  busy.send(get("/x"));
  const Respond respond = kept.get_future().get();
  std::thread stopping([this] { server_->stop(); });
  EXPECT_TRUE(idle.is_closed_by_server());
  respond({.body = "last words"});
  const std::string answer = busy.read_all();
  EXPECT_TRUE(answer.ends_with("last words")) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  stopping.join();
  EXPECT_FALSE(connect().is_connected());
  respond({.body = "after the end: nothing happens"});
}

TEST_F(HttpServerTest, StopDoesNotWaitForeverForAnAnswer) {
  settings_.limits.drain_time = 20ms;
  std::promise<Respond> kept;
  start([&kept](const ApiRequest&, const Respond& respond) { kept.set_value(respond); });
  RawClient client = connect();
  client.send(get("/x"));
  const Respond respond = kept.get_future().get();
  server_->stop();
  EXPECT_TRUE(client.is_closed_by_server());
  server_.reset();
  respond({.body = "after the end: nothing happens"});
}

// The operator on this machine needs no token, and nobody else may open the socket.
TEST_F(HttpServerTest, TheLocalSocketIsAdmin) {
  settings_.local_socket = folder_.path() / "tocsin.sock";
  start();
  RawClient client = connect(1);
  client.send("POST /data HTTP/1.1\r\nHost: local\r\nContent-Length: 0\r\n\r\n");
  const std::string answer = client.read_answer();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_NE(answer.find("local user"), std::string::npos);
  server_->stop();
  EXPECT_FALSE(std::filesystem::exists(settings_.local_socket)) << "a clean stop leaves no file";
}

TEST_F(HttpServerTest, SaysWhichPortIsInUse) {
  start();
  HttpSettings again;
  again.listen = server_->addresses();
  const auto second = HttpServer::open(again, clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::busy);
  EXPECT_NE(second.error().message.find(again.listen[0].text()), std::string::npos);
}

}  // namespace
}  // namespace tocsin
