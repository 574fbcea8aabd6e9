// For tests: the channels of the API on a real engine and a real store, by the routes, as an admin.
// What is sent waits until the test answers it.
#pragma once

#include <gtest/gtest.h>

#include <deque>

#include "api/engine_fixture.h"
#include "api/handlers.h"
#include "api/idempotent.h"
#include "api/routes.h"
#include "api/services.h"
#include "base/scratch_folder.h"
#include "store/sqlite_store.h"

namespace tocsin {
inline constexpr const char* kCanary = "canary-4711";
inline constexpr const char* kHook =
    R"({"id": "hook", "name": "Hook", "type": "webhook", "send": ["down", "recovered"],
        "url": "https://canary-4711:canary-4711@hooks.example.com/canary-4711?t=canary-4711",
        "secret": "canary-4711-canary-4711-canary", "headers": {"X-Key": "canary-4711"}})";
inline constexpr const char* kMail =
    R"({"id": "mail", "type": "email", "to": ["a@example.com"], "from": "t@example.com",
        "smtp": {"host": "mail.example.com", "port": 465, "security": "tls", "username": "watcher",
                 "password": "canary-4711"}})";

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
    auto opened = open_sqlite_store({.dir = folder_.path() / "data",
                                     .retention = {},
                                     .own_thread = false,
                                     .reserve_bytes = 0,
                                     .forget_lost_secrets = forget_secrets_},
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
    const Route& route = *std::get<const Route*>(found);
    if (const auto problem = refuse_query(route, request)) {
      *given = problem_response(*problem, "r1");
      return given;
    }
    run_once(*api_, route, request,
             [given](ApiResponse response) { *given = std::move(response); });
    for (int turn = 0; turn < 20 && given->status == 0; ++turn) {
      engine_->turn(clock_.steady_now());
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
  HandClock clock_;
  CountingRandom random_;
  OpenJournal journal_;
  DeafNetwork network_;
  HeldSender sender_;
  LoopMailbox mailbox_{network_};
  DirectLoop own_;
  Config config_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Engine> engine_;
  std::optional<ApiServices> services_;
  std::unique_ptr<ApiContext> api_;
  bool forget_secrets_ = false;
  const std::vector<Route> routes_ = api_routes();
};

}  // namespace tocsin
