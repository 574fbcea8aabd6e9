// Streamed answers over real connections: what a client sees, and what happens to the source when
// the client, the source or the server ends it.
#include "api/http_stream.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>
#include <vector>

#include "api/http_server.h"
#include "api/http_test_client.h"

namespace tocsin {
namespace {

using Then = BodyPiece::Then;

class StillClock final : public Clock {
 public:
  SystemTime system_now() const override { return SystemTime(784111777s); }
  SteadyTime steady_now() const override { return SteadyTime(1s); }
};

// Gives what it is told to, and says when it is let go.
class ScriptedSource : public BodySource {
 public:
  explicit ScriptedSource(std::vector<BodyPiece> pieces) : pieces_(std::move(pieces)) {}
  ~ScriptedSource() override { gone_.set_value(); }
  void on_begin(std::function<void()> wake) override { wake_ = std::move(wake); }
  BodyPiece next(SteadyTime) override {
    if (at_ == pieces_.size()) {
      return {};
    }
    return pieces_[at_++];
  }

  std::future<void> gone() { return gone_.get_future(); }
  // On the server's thread.
  void add(BodyPiece piece) {
    pieces_.push_back(std::move(piece));
    if (wake_) {  // else it has not begun: it will ask
      wake_();
    }
  }

 private:
  std::vector<BodyPiece> pieces_;
  size_t at_ = 0;
  std::function<void()> wake_;
  std::promise<void> gone_;
};

// Never ends, and counts what was asked of it.
class EndlessSource final : public ScriptedSource {
 public:
  explicit EndlessSource(std::atomic<size_t>& bytes) : ScriptedSource({}), bytes_(bytes) {}
  BodyPiece next(SteadyTime) override {
    bytes_ += kBodyPieceBytes;
    return {.bytes = std::string(kBodyPieceBytes, 'x'), .then = Then::more};
  }

 private:
  std::atomic<size_t>& bytes_;
};

class HttpStreamTest : public ::testing::Test {
 protected:
  HttpStreamTest() {
    settings_.listen = {{.ip = IpAddress::parse("127.0.0.1").value(), .port = 0}};
    settings_.limits.drain_time = 1h;  // a stop that waits for a stream would never end
  }

  // Every request is answered with this source.
  void serve(std::shared_ptr<BodySource> source) {
    auto opened = HttpServer::open(settings_, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    server_ = std::move(*opened);
    server_->serve([kept = std::move(source)](const ApiRequest&, const Respond& respond) mutable {
      respond({.content_type = "text/plain", .stream = std::exchange(kept, nullptr)});
    });
  }

  RawClient ask(std::string_view line = "GET / HTTP/1.1") const {
    RawClient client(server_->addresses().at(0));
    client.send(std::string(line) + "\r\nHost: t\r\n\r\n");
    return client;
  }

  static bool comes(const std::future<void>& future) {
    return future.wait_for(5s) == std::future_status::ready;
  }

  StillClock clock_;
  HttpSettings settings_;
  std::unique_ptr<HttpServer> server_;  // the last, so that it stops first
};

TEST_F(HttpStreamTest, SendsChunksAndThenCloses) {
  serve(std::make_shared<ScriptedSource>(std::vector<BodyPiece>{
      {.bytes = "one", .then = Then::more}, {.bytes = "sixteen bytes..\n", .then = Then::end}}));
  const std::string answer = ask().read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_NE(answer.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(answer.find("Content-Length"), std::string::npos);
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n3\r\none\r\n10\r\nsixteen bytes..\n\r\n0\r\n\r\n"))
      << answer;
}

// HTTP/1.0 knows no chunks: the end of the connection is the end of the body.
TEST_F(HttpStreamTest, IsNotCutIntoChunksForHttp10) {
  serve(std::make_shared<ScriptedSource>(std::vector<BodyPiece>{
      {.bytes = "one", .then = Then::more}, {.bytes = "two", .then = Then::end}}));
  const std::string answer = ask("GET / HTTP/1.0").read_all();
  EXPECT_EQ(answer.find("Transfer-Encoding"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nonetwo")) << answer;
}

TEST_F(HttpStreamTest, HeadHasNoBodyAndKeepsTheConnection) {
  auto source =
      std::make_shared<ScriptedSource>(std::vector<BodyPiece>{{.bytes = "one", .then = Then::end}});
  auto gone = source->gone();
  serve(std::move(source));
  RawClient client = ask("HEAD / HTTP/1.1");
  const std::string head = client.read_answer(true);
  EXPECT_NE(head.find("Transfer-Encoding: chunked\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("Connection: keep-alive\r\n"), std::string::npos);
  EXPECT_TRUE(comes(gone)) << "nobody needs the source";
  client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200")) << "no body was left in between";
}

// What comes from elsewhere is sent when it comes.
TEST_F(HttpStreamTest, AWakeSendsMore) {
  auto source = std::make_shared<ScriptedSource>(std::vector<BodyPiece>{});
  ScriptedSource& far = *source;
  serve(std::move(source));
  RawClient client = ask();
  EXPECT_NE(client.read_answer(true), "");
  for (const char* word : {"a", "b"}) {
    server_->mailbox().post([&far, word] { far.add({.bytes = word, .then = Then::more}); });
    EXPECT_EQ(client.read_until("\r\n"), "1\r\n");
    EXPECT_EQ(client.read_until("\r\n"), std::string(word) + "\r\n");
  }
  server_->mailbox().post([&far] { far.add({.bytes = {}, .then = Then::end}); });
  EXPECT_EQ(client.read_all(), "0\r\n\r\n");
}

TEST_F(HttpStreamTest, ASourceIsAskedAgainAtItsTime) {
  serve(std::make_shared<ScriptedSource>(std::vector<BodyPiece>{
      {.bytes = {}, .then = Then::wait, .ask_at = clock_.steady_now() + 10ms},
      {.bytes = {}, .then = Then::wait, .ask_at = clock_.steady_now() - 1h},
      {.bytes = "later", .then = Then::end}}));
  EXPECT_TRUE(ask().read_all().ends_with("\r\n\r\n5\r\nlater\r\n0\r\n\r\n"));
}

// A part must not look like the whole.
TEST_F(HttpStreamTest, ABrokenSourceCutsTheConnection) {
  serve(std::make_shared<ScriptedSource>(std::vector<BodyPiece>{
      {.bytes = "one", .then = Then::more}, {.bytes = {}, .then = Then::broken}}));
  EXPECT_TRUE(ask().read_all().ends_with("\r\n\r\n3\r\none\r\n"));
}

// Who does not read is dropped, and has cost no more than what the kernel's buffers take.
TEST_F(HttpStreamTest, ASlowReaderIsDroppedAndHoldsNoMemory) {
  settings_.limits.idle_time = 50ms;
  std::atomic<size_t> bytes = 0;
  auto source = std::make_shared<EndlessSource>(bytes);
  auto gone = source->gone();
  serve(std::move(source));
  const RawClient client = ask();
  EXPECT_TRUE(comes(gone));
  EXPECT_LT(bytes, 32_MiB);
}

// However slow, bit by bit: progress is what counts.
TEST_F(HttpStreamTest, AReaderThatGoesOnIsKept) {
  std::atomic<size_t> bytes = 0;
  auto source = std::make_shared<EndlessSource>(bytes);
  serve(std::move(source));
  RawClient client = ask();
  EXPECT_NE(client.read_answer(true), "");
  for (int i = 0; i < 200; ++i) {
    EXPECT_TRUE(client.read_until("10000\r\n").ends_with("10000\r\n")) << "the next chunk begins";
  }
}

// Nothing is being sent and yet it is noticed, or each closed tab would stay until the next event.
TEST_F(HttpStreamTest, AClientThatVanishesIsNoticedWhileNothingIsSent) {
  auto source = std::make_shared<ScriptedSource>(std::vector<BodyPiece>{});
  auto gone = source->gone();
  serve(std::move(source));
  std::optional<RawClient> client(ask());
  EXPECT_NE(client->read_answer(true), "");
  client.reset();
  EXPECT_TRUE(comes(gone));
}

TEST_F(HttpStreamTest, StopEndsStreamsAtOnce) {
  auto source = std::make_shared<ScriptedSource>(
      std::vector<BodyPiece>{{.bytes = "one", .then = Then::more}});
  auto gone = source->gone();
  serve(std::move(source));
  RawClient client = ask();
  EXPECT_TRUE(client.read_until("one\r\n").ends_with("one\r\n"));
  server_->stop();
  EXPECT_TRUE(comes(gone));
  EXPECT_EQ(client.read_all(), "") << "it did not end by itself, and does not say so";
}

TEST_F(HttpStreamTest, StopEndsAStreamNobodyReads) {
  std::atomic<size_t> bytes = 0;
  auto source = std::make_shared<EndlessSource>(bytes);
  auto gone = source->gone();
  serve(std::move(source));
  RawClient client = ask();
  EXPECT_NE(client.read_until("xxxx"), "");
  server_->stop();
  EXPECT_TRUE(comes(gone));
}

TEST_F(HttpStreamTest, IsCountedAsAConnection) {
  settings_.limits.connections_per_proxy = 1;
  serve(std::make_shared<ScriptedSource>(std::vector<BodyPiece>{}));
  RawClient first = ask();
  EXPECT_TRUE(first.read_answer(true).starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(ask().read_all().starts_with("HTTP/1.1 503"));
}

// What a client says meanwhile is no request: the stream is the last answer of its connection.
TEST_F(HttpStreamTest, APipelinedRequestIsNotAnswered) {
  serve(std::make_shared<ScriptedSource>(
      std::vector<BodyPiece>{{.bytes = "one", .then = Then::end}}));
  RawClient client = ask();
  client.send("GET /second HTTP/1.1\r\nHost: t\r\n\r\n");
  const std::string all = client.read_all();
  EXPECT_TRUE(all.ends_with("3\r\none\r\n0\r\n\r\n")) << all;
}

}  // namespace
}  // namespace tocsin
