// For tests: the API's routes over a real engine whose network is idle and whose store forgets, but
// calls everything durable. A request runs until it is answered.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/idempotent.h"
#include "api/idle_engine.h"
#include "api/routes.h"
#include "api/services.h"

namespace tocsin {

class HandClock final : public Clock {
 public:
  SystemTime system_now() const override { return SystemTime(1'700'000'000s) + passed; }
  SteadyTime steady_now() const override {
    return SteadyTime(1h) + passed + per_reading * readings_++;
  }
  Duration passed{};
  Duration per_reading{};  // how much later each reading is than the one before

 private:
  mutable int readings_ = 0;
};

// 1, 2, 3 ...: uids that tests can name.
class CountingRandom final : public Random {
 public:
  uint64_t next() override { return 2 * ++count_; }

 private:
  uint64_t count_ = 0;
};

class ForgetfulStore final : public Store {
 public:
  explicit ForgetfulStore(Mailbox& loop) : loop_(loop) {}
  Result<LoadedStore> load(const TakeMonitors&) override { return LoadedStore{}; }
  void submit(WriteBatch batch, std::function<void(Result<void>)> done) override {
    if (!refusal) {
      for (const MonitorRow& row : batch.monitors) {
        written.push_back(row);
      }
    }
    loop_.post([done = std::move(done), refused = refusal] {
      done(refused ? Result<void>(std::unexpected(*refused)) : Result<void>());
    });
  }
  Result<std::unique_ptr<StoreReader>> reader() override {
    return fail(ErrorKind::unavailable, "no readers here");
  }
  [[nodiscard]] StoreHealth health() const override { return {}; }
  void close() override {}

  std::vector<MonitorRow> written;
  std::optional<Error> refusal;  // what every batch ends with

 private:
  Mailbox& loop_;
};

class DirectLoop final : public Mailbox {
 public:
  void post(std::function<void()> work) override { work(); }
};

struct Sent {
  std::string body;
  std::vector<NamedValue> headers;
  Scope scope = Scope::admin;
  bool is_local = false;
};

class EngineFixture : public testing::Test {
 protected:
  using Json = nlohmann::json;

  EngineFixture() {
    config_.project_id = "shop";
    config_.channels.emplace("ops", Channel{.id = "ops"});
    config_.monitors.push_back(of_file("redis", "10.0.0.5:6379"));
    EXPECT_TRUE(engine_.start(config_));
  }

  static Monitor of_file(const std::string& id, const std::string& target) {
    Monitor monitor;
    monitor.project = "shop";
    monitor.id = id;
    monitor.name = id;
    monitor.target = *Target::parse(target);
    monitor.request = {SendStep{"AUTH hunter2\r\n"}};
    monitor.origin = {.file = "shop.yaml", .line = 12};
    return monitor;
  }

  // `call` is "POST /api/v1/monitors".
  ApiResponse ask(const std::string& call, const Sent& sent = {}) {
    ApiRequest request;
    request.method = call.substr(0, call.find(' '));
    request.target = call.substr(call.find(' ') + 1);
    request.headers = sent.headers;
    request.body = sent.body;
    request.request_id = "r1";
    request.caller = {.scope = sent.scope,
                      .id = "t" + std::string(scope_name(sent.scope)),
                      .name = "T",
                      .is_local_socket = sent.is_local};
    ApiResponse given{.status = 0};
    const auto respond = [&](ApiResponse response) { given = std::move(response); };
    const auto found = find_route(routes_, request);
    if (const auto* problem = std::get_if<Problem>(&found)) {
      return problem_response(*problem, "r1");
    }
    const Route& route = *std::get<const Route*>(found);
    if (const auto problem = refuse_query(route, request)) {
      return problem_response(*problem, "r1");
    }
    run_once(api_, route, request, respond);
    for (int turn = 0; turn < 1000 && given.status == 0; ++turn) {
      engine_.turn(clock_.steady_now());
    }
    return given;
  }
  ApiResponse post(const std::string& path, const std::string& body) {
    return ask("POST /api/v1/" + path, {.body = body});
  }
  Json json(const std::string& call, const Sent& sent = {}) {
    return Json::parse(ask(call, sent).body, nullptr, false);
  }
  static Json json_of(const ApiResponse& response) {
    return Json::parse(response.body, nullptr, false);
  }
  static std::string header(const ApiResponse& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) {
        return value;
      }
    }
    return "";
  }

  HandClock clock_;
  CountingRandom random_;
  SilentJournal journal_;
  DeafNetwork network_;
  LoopMailbox mailbox_{network_};
  ForgetfulStore store_{mailbox_};
  Config config_;
  Engine engine_{EnginePorts{.clock = clock_,
                             .random = random_,
                             .io = network_,
                             .resolver = network_,
                             .sender = network_,
                             .store = store_,
                             .journal = journal_,
                             .mailbox = mailbox_},
                 ReachPolicy{}, "http://127.0.0.1:8400"};
  DirectLoop own_;
  ApiServices services_{.engine = engine_,
                        .store = store_,
                        .clock = clock_,
                        .version = "1",
                        .public_url = "",
                        .reload = {}};
  ApiContext api_{services_, own_, SystemTime{}};
  std::vector<Route> routes_ = api_routes();
};

}  // namespace tocsin
