// For tests of accounts: the real routes, gate, engine and store in one process without a network,
// asked as the HTTP server would. Passwords are hashed at the least cost there is.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "api/dispatch.h"
#include "api/idle_engine.h"
#include "api/routes.h"
#include "api/services.h"
#include "base/scratch_folder.h"
#include "store/sqlite_store.h"

namespace tocsin::fixtures {

class AccountsClock final : public Clock {
 public:
  void move(Duration by) { moved_ += by; }
  [[nodiscard]] SystemTime system_now() const override {
    return SystemTime(1'795'269'600s) + moved_;
  }
  [[nodiscard]] SteadyTime steady_now() const override { return SteadyTime(1h) + moved_; }

 private:
  Duration moved_{};
};

class AccountsRandom final : public Random {
 public:
  uint64_t next() override { return 7; }
};
// The API's own loop: what other threads post waits here until the test runs it.
class AccountsLoop final : public Mailbox {
 public:
  void post(std::function<void()> work) override {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
    filled_.notify_all();
  }
  // Runs one piece of work; false when none came within `patience`.
  bool run_one(std::chrono::milliseconds patience) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      if (!filled_.wait_for(lock, patience, [this] { return !work_.empty(); })) {
        return false;
      }
      work = std::move(work_.front());
      work_.pop_front();
    }
    work();
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> work_;
};

// One server over one folder; a second one over the same folder is the next start.
class AccountsServer {
 public:
  AccountsServer(const std::filesystem::path& folder, AccountsClock& clock) : clock_(clock) {
    store_ = open_sqlite_store({.dir = folder, .own_thread = false, .reserve_bytes = 0}, clock_,
                               mailbox_)
                 .value();
    engine_ = std::make_unique<Engine>(EnginePorts{.clock = clock_,
                                                   .random = random_,
                                                   .io = network_,
                                                   .resolver = network_,
                                                   .sender = network_,
                                                   .store = *store_,
                                                   .journal = journal_,
                                                   .mailbox = mailbox_},
                                       ReachPolicy{}, "http://127.0.0.1:8400");
    EXPECT_TRUE(engine_->start(Config{}));
    services_ = std::make_unique<ApiServices>(ApiServices{.engine = *engine_,
                                                          .store = *store_,
                                                          .clock = clock_,
                                                          .version = "1",
                                                          .public_url = "https://tocsin.example",
                                                          .reload = {}});
    api_ = std::make_unique<ApiContext>(*services_, loop_, clock_.system_now(),
                                        PasswordCost{.passes = 1, .memory_bytes = 8192});
    const auto reader = store_->reader().value();
    api_->tokens.set_tokens(reader->tokens().value());
    api_->accounts.load(reader->users().value());
    api_->tokens.sessions().load(reader->sessions().value());
    if (api_->accounts.empty()) {
      api_->accounts.setup.open("the set-up token");
    }
  }
  ~AccountsServer() {
    api_->accounts.worker.stop();
    store_->close();
  }
  AccountsServer(const AccountsServer&) = delete;
  AccountsServer& operator=(const AccountsServer&) = delete;

  // As a server that was built without them.
  void leave_out_pages() { services_->has_pages = false; }

  // Through the gate to the handler. The answer comes later: see answer_of.
  std::shared_ptr<std::optional<ApiResponse>> begin(ApiRequest request) {
    auto given = std::make_shared<std::optional<ApiResponse>>();
    request.request_id = "r1";
    request.headers.emplace_back("host", "tocsin.example");
    auto admitted =
        admit(routes_, api_->tokens,
              {.now = clock_.system_now(), .public_url = services_->public_url}, request);
    if (auto* refusal = std::get_if<ApiResponse>(&admitted)) {
      *given = std::move(*refusal);
      return given;
    }
    std::get<const Route*>(admitted)->handler()(*api_, request, [given](ApiResponse response) {
      EXPECT_FALSE(*given) << "answered twice";
      *given = std::move(response);
    });
    return given;
  }

  // Lets everything run until the answer is there.
  ApiResponse answer_of(const std::shared_ptr<std::optional<ApiResponse>>& given) {
    while (!*given) {
      engine_->turn(SteadyTime{});
      if (!*given && !loop_.run_one(std::chrono::milliseconds(0)) && !mailbox_.has_posts() &&
          !mailbox_.has_requests() && !loop_.run_one(std::chrono::seconds(10))) {
        ADD_FAILURE() << "no answer came";
        return {.status = 0};
      }
    }
    return **given;
  }

  // The engine's loop takes no more requests until it runs again, with the next ask.
  ApiResponse ask_while_busy(ApiRequest request) {
    while (mailbox_.offer([] { return false; })) {
    }
    const auto given = begin(std::move(request));
    while (!*given && loop_.run_one(std::chrono::seconds(10))) {
    }
    return given->value_or(ApiResponse{.status = 0});
  }

  ApiResponse ask(ApiRequest request) { return answer_of(begin(std::move(request))); }

  ApiContext& api() { return *api_; }

 private:
  AccountsClock& clock_;
  AccountsRandom random_;
  SilentJournal journal_;
  DeafNetwork network_;
  LoopMailbox mailbox_{network_};
  AccountsLoop loop_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<ApiServices> services_;
  const std::vector<Route> routes_ = api_routes();
  std::unique_ptr<ApiContext> api_;
};

}  // namespace tocsin::fixtures
