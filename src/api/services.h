// What the API is made of: the parts of the server it speaks to (ApiServices, given by whoever
// wires the program) and what a handler gets (ApiContext). Handlers run on the API's thread; the
// engine is asked through its mailbox and its answer comes back through ours.
#pragma once

#include <concepts>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/accounts.h"
#include "api/auth.h"
#include "api/idempotent_answers.h"
#include "api/message.h"
#include "api/probe_gate.h"
#include "api/problem.h"
#include "api/request_limiter.h"
#include "config/config_reader.h"
#include "engine/engine.h"
#include "model/config.h"
#include "ports/clock.h"
#include "ports/mailbox.h"
#include "ports/reach.h"
#include "store/store.h"

namespace tocsin {

// What came of reading the configuration again. Problems may hold warnings beside a summary.
struct ReloadAnswer {
  std::vector<ConfigProblem> problems;
  std::vector<std::string> restart_needed;          // sentences of server_changes.h
  Result<ReloadSummary> summary = ReloadSummary{};  // looked at when no problem is an error
};

// What a server says of itself.
struct ServerAbout {
  std::filesystem::path store_file;
  std::vector<std::string> config_files;  // as given at the start; may name folders
  Retention retention;
  IoBackend io = IoBackend::epoll;  // what carries the probes
  bool realtime = false;            // the loop has real-time priority
};

// All outlive the ApiServer.
struct ApiServices {
  Engine& engine;
  Store& store;
  const Clock& clock;
  std::string version;     // "0.1.0"
  std::string public_url;  // for links; without a slash at the end
  // Reads the files the server was started with and applies them. Must not block the calling thread
  // for long; `done` from any thread. Empty: this server has no files, POST reload answers 409.
  std::function<void(std::function<void(ReloadAnswer)> done)> reload;
  ServerAbout about{};
  RequestRate rate_limit{};
  std::vector<Cidr> trusted_proxies{};  // whose X-Forwarded-For is believed
  bool has_pages = true;                // else no link may lead into them
};

class EventDesk;

// The description of the API as it is sent (api_document.cpp).
struct ApiDocument {
  std::string text, gzip, hash;
};

struct ApiContext {
  ApiContext(const ApiServices& parts, Mailbox& own_loop, SystemTime now, PasswordCost cost = {})
      : services(parts), loop(own_loop), accounts(cost), limiter(parts.rate_limit), started(now) {}

  const ApiServices& services;
  Mailbox& loop;  // the API's own thread
  Authenticator tokens;
  IdempotentAnswers answers;  // touched on the API's thread alone
  Accounts accounts;
  RequestLimiter limiter;  // touched on the API's thread alone
  std::shared_ptr<ProbeGate> probes = std::make_shared<ProbeGate>();
  std::shared_ptr<ProbeGate> channel_tests = std::make_shared<ProbeGate>();
  std::shared_ptr<EventDesk> events;           // empty: this server tells nobody of changes
  std::unique_ptr<StoreReader> opened_reader;  // through reader() only
  std::optional<ApiDocument> document;         // made when it is first asked for
  SystemTime started;

  // The API thread's reader, opened at first use.
  Result<StoreReader*> reader();
};

// Where the answer to a request goes; outlives the request.
struct Asker {
  std::string request_id;
  Respond respond;
};

// Calls `work` on the engine's loop again and again, with other work between, until it says that
// there is no more. When as many requests wait for it as may (kLoopRequestsMax), it
// is not run and the answer is 503. When the server stops it may not run either; an unanswered
// Respond then says 503 by itself. False: it was refused, and answered.
bool wish_of_engine(ApiContext& api, const Asker& asker, std::function<bool(Engine&)> work);
// Runs `work` there once.
bool tell_engine(ApiContext& api, const Asker& asker, std::function<void(Engine&)> work);

// The same with an answer: `answer` runs with what `question` gave, on the API's thread. Both copy
// what they need: the request is gone by then.
template <std::invocable<Engine&> Question, class Answer>
void ask_engine(ApiContext& api, const Asker& asker, Question question, Answer answer) {
  tell_engine(api, asker,
              [&loop = api.loop, question = std::move(question),
               answer = std::move(answer)](Engine& engine) {
                auto given =
                    std::make_shared<std::invoke_result_t<Question, Engine&>>(question(engine));
                loop.post([given, answer] { answer(*given); });
              });
}

// A long reading, a piece at a time (Engine::read_on); `answer` gets the whole of it, on the API's
// thread.
template <class Reading, std::invocable<Reading&> Answer>
void read_engine(ApiContext& api, const Asker& asker, Reading reading, Answer answer) {
  wish_of_engine(api, asker,
                 [&loop = api.loop, kept = std::make_shared<Reading>(std::move(reading)),
                  answer = std::move(answer)](Engine& engine) {
                   const bool has_more = engine.read_on(*kept);
                   if (!has_more) {
                     loop.post([kept, answer] { answer(*kept); });
                   }
                   return has_more;
                 });
}

}  // namespace tocsin
