// The way from the API to the engine's loop, when more ask than it bears.
#include "api/services.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "api/body_source.h"
#include "api/handlers.h"
#include "api/idle_engine.h"
#include "api/router.h"

namespace tocsin {
namespace {

class FixedClock final : public Clock {
 public:
  SystemTime system_now() const override { return SystemTime(784111777s); }
  SteadyTime steady_now() const override { return SteadyTime(1h); }
};
class FixedRandom final : public Random {
 public:
  uint64_t next() override { return 7; }
};
class NoStore final : public Store {
 public:
  Result<LoadedStore> load(const TakeMonitors&) override { return LoadedStore{}; }
  void submit(WriteBatch, std::function<void(Result<void>)>) override {}
  Result<std::unique_ptr<StoreReader>> reader() override {
    return fail(ErrorKind::unavailable, "no readers here");
  }
  [[nodiscard]] StoreHealth health() const override { return {}; }
  void close() override {}
};
// Runs at once what the API's own thread would.
class DirectMailbox final : public Mailbox {
 public:
  void post(std::function<void()> work) override { work(); }
};

class ServicesTest : public ::testing::Test {
 protected:
  ApiResponse ask(Handler handler, std::string body = {}) {
    ApiRequest request;
    request.captures = {"db"};
    request.body = std::move(body);
    request.request_id = "r1";
    request.caller = {.scope = Scope::admin, .id = "t", .name = "T", .is_local_socket = false};
    ApiResponse given{.status = 0};
    handler(api_, request, [&](ApiResponse response) { given = std::move(response); });
    return given;
  }

  FixedClock clock_;
  FixedRandom random_;
  SilentJournal journal_;
  DeafNetwork network_;
  NoStore store_;
  LoopMailbox mailbox_{network_};
  Engine engine_{EnginePorts{.clock = clock_,
                             .random = random_,
                             .io = network_,
                             .resolver = network_,
                             .sender = network_,
                             .store = store_,
                             .journal = journal_,
                             .mailbox = mailbox_},
                 ReachPolicy{}, "http://127.0.0.1:8400"};
  DirectMailbox own_;
  ApiServices services_{.engine = engine_,
                        .store = store_,
                        .clock = clock_,
                        .version = "1",
                        .public_url = "",
                        .reload = {}};
  ApiContext api_{services_, own_, SystemTime{}};
};

// Each route that asks the loop refuses in the same words when it is full, and says when to come
// again; none waits without end or in a list without end.
TEST_F(ServicesTest, FullLoopIsA503WithRetryAfter) {
  while (mailbox_.offer([] { return false; })) {
  }
  struct Case {
    Handler handler;
    std::string body;
  };
  for (const Case& one :
       {Case{get_monitors, ""}, Case{get_monitor, ""}, Case{get_results, ""},
        Case{post_acknowledge, ""}, Case{get_stats, ""}, Case{get_tags, ""}, Case{get_groups, ""},
        Case{get_summary, ""}, Case{get_system, ""}, Case{get_readyz, ""}, Case{get_metrics, ""},
        Case{post_probe, R"({"target": "127.0.0.1:80"})"},
        Case{post_tokens, R"({"scope": "read", "name": "n"})"}}) {
    const ApiResponse response = ask(one.handler, one.body);
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_NE(std::ranges::find(response.headers, NamedValue{"Retry-After", "1"}),
              response.headers.end());
    EXPECT_NE(response.body.find(R"("code":"busy")"), std::string::npos) << response.body;
    EXPECT_NE(response.body.find("Too many requests are waiting for an answer."),
              std::string::npos);
  }
  // A test that was refused has given its place back.
  EXPECT_NE(api_.probes->enter("t", 1), nullptr);
}

// A stream that cannot begin is no stream: the status says so, as of every other request.
TEST_F(ServicesTest, StreamedProbeOfAFullLoopIsA503) {
  while (mailbox_.offer([] { return false; })) {
  }
  ApiRequest request;
  request.headers = {{"accept", "text/event-stream"}};
  request.body = R"({"target": "127.0.0.1:80"})";
  std::vector<ApiResponse> given;
  post_probe(api_, request, [&](ApiResponse response) { given.push_back(std::move(response)); });
  ASSERT_EQ(given.size(), 1U);
  EXPECT_EQ(given[0].status, 503);
  EXPECT_EQ(given[0].stream, nullptr);
}

// A loop that ends before the attempt must not leave its client waiting.
TEST_F(ServicesTest, StreamedProbeThatIsDroppedSaysSo) {
  ApiRequest request;
  request.headers = {{"accept", "text/event-stream"}};
  request.body = R"({"target": "127.0.0.1:80"})";
  ApiResponse given;
  post_probe(api_, request, [&](ApiResponse response) { given = std::move(response); });
  ASSERT_NE(given.stream, nullptr);
  mailbox_.close();
  const BodyPiece last = given.stream->next(clock_.steady_now());
  EXPECT_EQ(last.then, BodyPiece::Then::end);
  EXPECT_TRUE(last.bytes.starts_with("event: problem\ndata: {")) << last.bytes;
}

// A token's name is told wherever its holder did something: it has to be a line that can be read.
TEST_F(ServicesTest, TokenNameMustBeALineOfText) {
  for (const char* name : {"", "a\\u0000b", "two\\nlines", "\\u007f"}) {
    const ApiResponse response =
        ask(post_tokens, std::string(R"({"scope": "read", "name": ")") + name + "\"}");
    EXPECT_EQ(response.status, 422) << name;
    EXPECT_NE(response.body.find("name must be one line of text"), std::string::npos) << name;
  }
}

// Behind a monitor that does not exist there is no page; to begin anew would never end.
TEST_F(ServicesTest, CursorOfNoMonitorIsRefused) {
  ApiRequest request;
  request.query = {{"cursor", "9223372036854775807"}};
  ApiResponse given{.status = 0};
  get_monitors(api_, request, [&](ApiResponse response) { given = std::move(response); });
  settle(mailbox_);
  EXPECT_EQ(given.status, 422);
  EXPECT_NE(given.body.find("invalid_cursor"), std::string::npos) << given.body;
}

// A body that says something which is not looked at would be believed to do something.
TEST_F(ServicesTest, ReloadTakesNoFields) {
  EXPECT_EQ(ask(post_reload, R"({"dry_run": true})").status, 422);
  EXPECT_EQ(ask(post_reload).status, 409) << "this server has no files";
}

// The loop has worked some off: the next request is answered.
TEST_F(ServicesTest, AnswersAgainWhenTheLoopHasCaughtUp) {
  while (mailbox_.offer([] { return false; })) {
  }
  ASSERT_EQ(ask(get_monitors).status, 503);
  settle(mailbox_);
  ApiResponse given{.status = 0};
  ApiRequest request;
  get_monitors(api_, request, [&](ApiResponse response) { given = std::move(response); });
  EXPECT_EQ(given.status, 0);
  settle(mailbox_);
  EXPECT_EQ(given.status, 200);
}

}  // namespace
}  // namespace tocsin
