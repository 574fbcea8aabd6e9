// The channels of the API on a real engine and a real store: exact answers, who may change what,
// and that no secret ever comes back.
#include <gtest/gtest.h>

#include <deque>

#include "api/handlers.h"
#include "api/routes.h"
#include "api/services.h"
#include "base/scratch_folder.h"
#include "ports/idle_probe_io.h"
#include "store/sqlite_store.h"

namespace tocsin {
namespace {

constexpr const char* kCanary = "canary-4711";
constexpr const char* kHook =
    R"({"id": "hook", "name": "Hook", "type": "webhook", "send": ["down", "recovered"],
        "url": "https://canary-4711:canary-4711@hooks.example.com/canary-4711?t=canary-4711",
        "secret": "canary-4711-canary-4711-canary", "headers": {"X-Key": "canary-4711"}})";
constexpr const char* kMail =
    R"({"id": "mail", "type": "email", "to": ["a@example.com"], "from": "t@example.com",
        "smtp": {"host": "mail.example.com", "port": 465, "security": "tls", "username": "watcher",
                 "password": "canary-4711"}})";

class StillClock final : public Clock {
 public:
  SystemTime system_now() const override { return SystemTime(784111777s); }
  SteadyTime steady_now() const override { return SteadyTime(1h); }
};
class CountingRandom final : public Random {
 public:
  uint64_t next() override { return ++last_; }

 private:
  uint64_t last_ = 0;
};
// Remembers all that is logged.
class OpenJournal final : public Journal {
 public:
  void info(std::string_view event, std::initializer_list<JournalField> fields) const override {
    warning(event, fields);
  }
  void warning(std::string_view event, std::initializer_list<JournalField> fields) const override {
    text += event;
    for (const JournalField& field : fields) {
      text += " " + field.value;
    }
  }
  mutable std::string text;
};
class NoTargets final : public IdleProbeIo, public Resolver {
 public:
  std::optional<ResolveAnswer> resolve(std::string_view, AddressWish, SteadyTime, uint64_t,
                                       ResolveSink&) override {
    return std::nullopt;
  }
  void cancel(uint64_t) override {}
  void drive(SteadyTime) override {}
  [[nodiscard]] SteadyTime next_deadline() const override { return kNever; }
};
// Holds what is sent until the test answers it.
class HeldSender final : public Sender {
 public:
  struct Held {
    uint64_t token;
    OutgoingMessage message;
    SendSink* sink;
  };
  void send(uint64_t token, OutgoingMessage message, SendSink& sink) override {
    held.push_back({token, std::move(message), &sink});
  }
  void answer(const SendOutcome& outcome) {
    const Held first = std::move(held.front());
    held.pop_front();
    first.sink->on_sent(first.token, outcome);
  }
  std::deque<Held> held;
};
class InlineMailbox final : public Mailbox {
 public:
  void post(std::function<void()> work) override { work(); }
};

class ChannelsTest : public testing::Test {
 protected:
  void SetUp() override {
    Channel ops;
    ops.id = ops.name = "ops";
    ops.project = "shop";
    ops.origin = {.file = "shop.yaml", .line = 4};
    ops.url = Secret("http://127.0.0.1:9000/canary-4711");
    config_.channels.emplace("ops", ops);
    Monitor db;
    db.project = config_.project_id;
    db.id = db.name = "db";
    db.target = Target::parse("127.0.0.1:1").value();
    db.channels = {"ops"};
    config_.monitors.push_back(db);
    start();
  }
  void TearDown() override { store_->close(); }

  void start() {
    engine_.reset();
    if (store_) {
      store_->close();
    }
    auto opened = open_sqlite_store(
        {.dir = folder_.path() / "data", .retention = {}, .own_thread = false, .reserve_bytes = 0},
        clock_, mailbox_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    engine_ = std::make_unique<Engine>(EnginePorts{.clock = clock_,
                                                   .random = random_,
                                                   .io = network_,
                                                   .resolver = network_,
                                                   .sender = sender_,
                                                   .store = *store_,
                                                   .journal = journal_,
                                                   .mailbox = mailbox_},
                                       ReachPolicy{}, "http://127.0.0.1:8400");
    ASSERT_TRUE(engine_->start(config_));
    services_.emplace(ApiServices{.engine = *engine_,
                                  .store = *store_,
                                  .clock = clock_,
                                  .version = "1",
                                  .public_url = "",
                                  .reload = {}});
    api_ = std::make_unique<ApiContext>(*services_, own_, SystemTime{});
  }

  struct Call {
    std::string method, path, body = {};
    std::vector<NamedValue> headers = {};
    std::string caller = "t";
  };
  // Through the route table, as an admin, until the loop has nothing left to do. Status 0: no
  // answer yet.
  std::shared_ptr<ApiResponse> begin(const Call& call) {
    ApiRequest request;
    request.method = call.method;
    request.target = "/api/v1" + call.path;
    request.body = call.body;
    request.headers = call.headers;
    request.request_id = "r1";
    request.caller = {
        .scope = Scope::admin, .id = call.caller, .name = "T", .is_local_socket = false};
    auto given = std::make_shared<ApiResponse>(ApiResponse{.status = 0});
    const auto found = find_route(routes_, request);
    if (const auto* problem = std::get_if<Problem>(&found)) {
      *given = problem_response(*problem, "r1");
      return given;
    }
    std::get<const Route*>(found)->handler()(
        *api_, request, [given](ApiResponse response) { *given = std::move(response); });
    while (!mailbox_.empty()) {
      mailbox_.drain();
    }
    return given;
  }
  ApiResponse ask(const Call& call) { return *begin(call); }
  // "status code", the code of a problem.
  std::string outcome(const Call& call) {
    const ApiResponse answer = ask(call);
    const std::string_view key = R"("code":")";
    const size_t at = answer.body.find(key);
    const std::string code =
        at == std::string::npos || answer.status < 400
            ? ""
            : " " + answer.body.substr(at + key.size(),
                                       answer.body.find('"', at + key.size()) - at - key.size());
    return std::to_string(answer.status) + code;
  }
  std::string header(const ApiResponse& answer, const std::string& name) {
    for (const auto& [key, value] : answer.headers) {
      if (key == name) {
        return value;
      }
    }
    return "";
  }

  ScratchFolder folder_;
  StillClock clock_;
  CountingRandom random_;
  OpenJournal journal_;
  NoTargets network_;
  HeldSender sender_;
  LoopMailbox mailbox_{network_};
  InlineMailbox own_;
  Config config_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Engine> engine_;
  std::optional<ApiServices> services_;
  std::unique_ptr<ApiContext> api_;
  const std::vector<Route> routes_ = api_routes();
};

constexpr const char* kOpsBody =
    R"({"id":"ops","name":"ops","type":"webhook",)"
    R"("send":["down","recovered","reminder","escalated","flapping","group"],)"
    R"("webhook":{"url_set":true,"url_shown":"http://127.0.0.1:9000/…","secret_set":false,"headers":[]},)"
    R"("owner":{"kind":"project","project":"shop","file":"shop.yaml","line":4},"used_by":1,)"
    R"("revision":"REVISION","secrets_lost":false,)"
    R"("health":{"delivered":0,"failed_attempts":0,"dead":0,"last_result":null}})";
constexpr const char* kHookBody =
    R"({"id":"hook","name":"Hook","type":"webhook","send":["down","recovered"],)"
    R"("webhook":{"url_set":true,"url_shown":"https://hooks.example.com/…","secret_set":true,"headers":["X-Key"]},)"
    R"("owner":{"kind":"ui","project":null,"file":null,"line":null},"used_by":0,)"
    R"("revision":"REVISION","secrets_lost":false,)"
    R"("health":{"delivered":0,"failed_attempts":0,"dead":0,"last_result":null}})";
constexpr const char* kMailBody =
    R"({"id":"mail","name":"mail","type":"email",)"
    R"("send":["down","recovered","reminder","escalated","flapping","group"],)"
    R"("email":{"to":["a@example.com"],"from":"t@example.com","smtp":{"host":"mail.example.com","port":465,)"
    R"("security":"tls","username":"watcher","password_set":true,"verify":true}},)"
    R"("owner":{"kind":"ui","project":null,"file":null,"line":null},"used_by":0,)"
    R"("revision":"REVISION","secrets_lost":false,)"
    R"("health":{"delivered":0,"failed_attempts":0,"dead":0,"last_result":null}})";

// Revisions are checked apart: 16 hex digits each.
std::string without_revisions(std::string body) {
  const std::string_view key = R"("revision":")";
  for (size_t at = body.find(key); at != std::string::npos; at = body.find(key, at + 1)) {
    const size_t begin = at + key.size();
    EXPECT_EQ(body.find('"', begin) - begin, 16U);
    EXPECT_EQ(body.find_first_not_of("0123456789abcdef", begin), begin + 16);
    body.replace(begin, 16, "REVISION");
  }
  return body;
}

TEST_F(ChannelsTest, AnswersAreExact) {
  const ApiResponse hook = ask({"POST", "/channels", kHook});
  EXPECT_EQ(hook.status, 201) << hook.body;
  EXPECT_EQ(without_revisions(hook.body), kHookBody);
  EXPECT_EQ(header(hook, "Location"), "/api/v1/channels/hook");
  const ApiResponse mail = ask({"POST", "/channels", kMail});
  EXPECT_EQ(without_revisions(mail.body), kMailBody);
  const ApiResponse list = ask({"GET", "/channels"});
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(without_revisions(list.body), std::string(R"({"data":[)") + kHookBody + "," +
                                              kMailBody + "," + kOpsBody +
                                              R"(],"next_cursor":null})");
  const ApiResponse one = ask({"GET", "/channels/hook"});
  EXPECT_EQ(one.body, hook.body);
  EXPECT_NE(one.body.find(R"("revision":)" + header(one, "ETag")), std::string::npos);
  const ApiResponse gone = ask({"DELETE", "/channels/hook"});
  EXPECT_EQ(gone.status, 204);
  EXPECT_EQ(gone.body, "");
  EXPECT_EQ(outcome({"GET", "/channels/hook"}), "404 not_found");
  EXPECT_EQ(outcome({"DELETE", "/channels/hook"}), "404 not_found");
}

// T5: whatever is asked, by whatever route, before and after a restart: no answer and no line of
// the log holds a secret.
TEST_F(ChannelsTest, NoRouteGivesASecretAway) {
  std::vector<ApiResponse> answers = {ask({"POST", "/channels", kHook}),
                                      ask({"POST", "/channels", kMail}),
                                      ask({"PATCH", "/channels/hook", R"({"name": "New"})"})};
  for (const bool restarted : {false, true}) {
    if (restarted) {
      start();
    }
    for (const Route& route : routes_) {
      if (route.method() != "GET") {
        continue;
      }
      for (const char* id : {"hook", "mail", "ops", "db"}) {
        ApiRequest request;
        request.captures = {id};
        request.caller.scope = Scope::admin;
        bool answered = false;
        route.handler()(*api_, request, [&](ApiResponse response) {
          answered = true;
          answers.push_back(std::move(response));
        });
        while (!mailbox_.empty()) {
          mailbox_.drain();
        }
        EXPECT_TRUE(answered) << route.pattern();
      }
    }
  }
  size_t well = 0;
  for (const ApiResponse& answer : answers) {
    well += answer.status < 300 ? 1 : 0;
    EXPECT_EQ(answer.body.find(kCanary), std::string::npos) << answer.body;
    for (const auto& [name, value] : answer.headers) {
      EXPECT_EQ(value.find(kCanary), std::string::npos) << name;
    }
  }
  EXPECT_GT(well, 30U) << "real answers were looked at";
  EXPECT_EQ(journal_.text.find(kCanary), std::string::npos) << journal_.text;
  EXPECT_EQ(engine_->channels().find("hook")->channel.url.reveal().find(kCanary), 8U)
      << "and yet the server has it";
}

TEST_F(ChannelsTest, FilesChannelsAreReadOnly) {
  for (const Call& call :
       {Call{"PUT", "/channels/ops", R"({"type": "webhook", "url": "http://x/"})"},
        Call{"PATCH", "/channels/ops", R"({"name": "mine"})"}, Call{"DELETE", "/channels/ops"}}) {
    const ApiResponse answer = ask(call);
    EXPECT_EQ(answer.status, 409);
    EXPECT_NE(answer.body.find(R"("code":"owned_by_project")"), std::string::npos);
    EXPECT_NE(
        answer.body.find(
            R"("detail":"The channel \"ops\" belongs to project \"shop\" (shop.yaml:4): change it there.")"),
        std::string::npos)
        << answer.body;
  }
  EXPECT_EQ(
      outcome({"POST", "/channels", R"({"id": "ops", "type": "webhook", "url": "http://x/"})"}),
      "409 id_taken");
  EXPECT_EQ(engine_->channels().find("ops")->channel.name, "ops");
}

TEST_F(ChannelsTest, ChangesAndTheirRefusals) {
  EXPECT_EQ(outcome({"POST", "/channels", kHook}), "201");
  EXPECT_EQ(outcome({"POST", "/channels", kHook}), "409 id_taken");
  EXPECT_EQ(outcome({"POST", "/channels", R"({"name": "x", "type": "webhook"})"}),
            "422 validation_failed");
  EXPECT_EQ(outcome({"POST", "/channels", "{}"}), "422 validation_failed");
  EXPECT_EQ(outcome({"POST", "/channels", "{"}), "400 invalid_json");
  EXPECT_EQ(outcome({"PATCH", "/channels/hook", R"({"url": "https://evil.example.com/"})"}),
            "422 validation_failed");
  EXPECT_EQ(outcome({"PATCH", "/channels/hook", R"({"id": "other"})"}), "422 validation_failed");
  EXPECT_EQ(outcome({"PATCH", "/channels/hook", R"({"id": "hook", "name": "Other"})"}), "200");
  EXPECT_EQ(outcome({"PATCH", "/channels/nobody", R"({"name": "Other"})"}), "404 not_found");
  EXPECT_EQ(outcome({"PUT", "/channels/nobody", R"({"type": "webhook", "url": "http://x/"})"}),
            "404 not_found");
  EXPECT_EQ(outcome({"PUT", "/channels/hook", R"({"type": "webhook", "url": "http://x/"})"}),
            "200");
  const ChannelView view = *engine_->channels().find("hook");
  EXPECT_TRUE(view.channel.secret.empty()) << "a PUT says all there is";
  EXPECT_EQ(view.channel.name, "hook");
  EXPECT_EQ(view.version, 3U);
}

// A change of a secret alone is a new revision, and whoever has an older one is told.
TEST_F(ChannelsTest, IfMatchFindsALostUpdate) {
  const std::string first = header(ask({"POST", "/channels", kHook}), "ETag");
  const auto patch = [&](const std::string& match, const std::string& body) {
    return outcome({"PATCH", "/channels/hook", body, {{"if-match", match}}});
  };
  EXPECT_EQ(patch(first, R"({"secret": "another-secret-of-24-bytes"})"), "200");
  EXPECT_EQ(patch(first, R"({"name": "x"})"), "412 revision_differs");
  EXPECT_EQ(outcome({"DELETE", "/channels/hook", "", {{"if-match", first}}}),
            "412 revision_differs");
  EXPECT_EQ(patch("*", R"({"name": "x"})"), "200");
  EXPECT_EQ(patch(header(ask({"GET", "/channels/hook"}), "ETag"), R"({"name": "y"})"), "200");
}

TEST_F(ChannelsTest, ChannelInUseStays) {
  EXPECT_EQ(outcome({"POST", "/channels", kHook}), "201");
  config_.monitors[0].channels = {"ops", "hook"};
  ASSERT_TRUE(engine_->apply(config_));
  const ApiResponse answer = ask({"DELETE", "/channels/hook"});
  EXPECT_EQ(answer.status, 409);
  EXPECT_NE(answer.body.find(R"("code":"in_use")"), std::string::npos);
  EXPECT_NE(answer.body.find("1 monitor names the channel"), std::string::npos) << answer.body;
}

// What was answered 201 is there after a restart, with its secrets.
TEST_F(ChannelsTest, OutlastsARestart) {
  ask({"POST", "/channels", kHook});
  const std::string before = ask({"GET", "/channels/hook"}).body;
  start();
  EXPECT_EQ(ask({"GET", "/channels/hook"}).body, before);
  std::filesystem::remove(folder_.path() / "data" / "key");
  start();
  const std::string lost = ask({"GET", "/channels/hook"}).body;
  EXPECT_NE(lost.find(R"("url_set":false,"url_shown":null,"secret_set":false,"headers":["X-Key"])"),
            std::string::npos)
      << lost;
  EXPECT_NE(lost.find(R"("secrets_lost":true)"), std::string::npos) << lost;
  EXPECT_NE(journal_.text.find("enter them again hook"), std::string::npos) << journal_.text;
  EXPECT_EQ(outcome({"PATCH", "/channels/hook", R"({"name": "x"})"}), "422 validation_failed");
  EXPECT_EQ(outcome({"PUT", "/channels/hook", R"({"type": "webhook", "url": "http://x/"})"}),
            "200");
  EXPECT_NE(ask({"GET", "/channels/hook"}).body.find(R"("secrets_lost":false)"), std::string::npos);
}

// --- test

TEST_F(ChannelsTest, TestAnswersWhatTheReceiverSaid) {
  const auto answer = begin({"POST", "/channels/ops/test"});
  EXPECT_EQ(answer->status, 0) << "it waits for the receiver";
  ASSERT_EQ(sender_.held.size(), 1U);
  const auto& message = std::get<HttpMessage>(sender_.held.front().message);
  EXPECT_EQ(message.url.reveal(), "http://127.0.0.1:9000/canary-4711");
  EXPECT_TRUE(message.body.starts_with(R"({"type":"test")")) << message.body;
  sender_.answer({.kind = SendOutcome::Kind::delivered, .result = "204 No Content", .took = 12ms});
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, R"({"ok":true,"result":"204 No Content","took_ms":12})");
  const auto failed = begin({"POST", "/channels/ops/test"});
  sender_.answer({.kind = SendOutcome::Kind::retry, .result = "connection refused", .took = 1ms});
  EXPECT_EQ(failed->body, R"({"ok":false,"result":"connection refused","took_ms":1})");
  EXPECT_EQ(engine_->health().deliveries_waiting, 0U);
  EXPECT_EQ(outcome({"POST", "/channels/nobody/test"}), "404 not_found");
  EXPECT_EQ(outcome({"POST", "/channels/ops/test", R"({"event": "down"})"}),
            "422 validation_failed");
}

// One at a time for each caller; the next is let in when the first has ended.
TEST_F(ChannelsTest, OneTestAtATimeForEachCaller) {
  const auto first = begin({"POST", "/channels/ops/test"});
  const ApiResponse second = ask({"POST", "/channels/ops/test"});
  EXPECT_EQ(second.status, 429);
  EXPECT_NE(second.body.find(R"("code":"too_many_tests")"), std::string::npos);
  EXPECT_EQ(header(second, "Retry-After"), "2");
  const auto other = begin({"POST", "/channels/ops/test", "", {}, "another"});
  EXPECT_EQ(other->status, 0) << "somebody else's test is let in";
  sender_.answer({.kind = SendOutcome::Kind::delivered, .result = "200 OK"});
  EXPECT_EQ(first->status, 200);
  EXPECT_EQ(begin({"POST", "/channels/ops/test"})->status, 0);
}

// --- preview

TEST_F(ChannelsTest, PreviewShowsSamples) {
  const ApiResponse hook =
      ask({"POST", "/channels/preview", R"({"type": "webhook", "event": "monitor.down"})"});
  EXPECT_EQ(hook.status, 200);
  EXPECT_TRUE(hook.body.starts_with(R"({"body":"{\"type\":\"monitor.down\",)")) << hook.body;
  const ApiResponse mail =
      ask({"POST", "/channels/preview", R"({"type": "email", "event": "monitor.recovered"})"});
  EXPECT_TRUE(mail.body.starts_with(R"({"subject":")")) << mail.body;
  EXPECT_NE(mail.body.find("Redis sessions"), std::string::npos);
  EXPECT_NE(mail.body.find(R"(,"html":"<)"), std::string::npos) << mail.body;
  EXPECT_EQ(outcome({"POST", "/channels/preview", R"({"type": "email", "event": "self"})"}),
            "422 validation_failed");
  EXPECT_EQ(outcome({"POST", "/channels/preview", R"({"type": "fax", "event": "test"})"}),
            "422 validation_failed");
  EXPECT_EQ(outcome({"POST", "/channels/preview", "{}"}), "422 validation_failed");
}

}  // namespace
}  // namespace tocsin
