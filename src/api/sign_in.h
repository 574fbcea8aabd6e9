// What set-up, signing in and changing a password share: telling the engine what to keep, hashing
// off this thread, beginning a session and answering with it. On the API's thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/services.h"

namespace tocsin {

struct AccountRows {
  std::vector<UserRow> users;
  std::vector<SessionRow> sessions;
};

// They hold here from now on, and are stored in one transaction; then `done` comes on the API's
// thread, well also when only results beside them were dropped. False: refused and answered;
// nothing has changed.
bool keep_accounts(ApiContext& api, const Asker& asker, const AccountRows& rows,
                   std::function<void(const Result<void>&)> done);

// Answers an attempt that begins too early.
void refuse_too_many(const Asker& asker, Duration wait);

// Runs `work` on a thread for hashes, then `done` with what it gave on the API's. False: as many
// wait as may; answered.
template <class Work, class Done>
bool hash_aside(ApiContext& api, const Asker& asker, Work work, Done done) {
  const bool is_taken =
      api.accounts.worker.offer([&loop = api.loop, work = std::move(work), done = std::move(done)] {
        auto given = std::make_shared<std::invoke_result_t<const Work&>>(work());
        loop.post([given, done] { done(*given); });
      });
  if (!is_taken) {
    asker.respond(
        problem_response(too_busy("Too many passwords are being checked. Try again in a moment."),
                         asker.request_id));
  }
  return is_taken;
}

// {"user":{"name"},"scope","csrf_token","expires"}
std::string session_body(const SignedIn& session);

struct SignIn {
  int status = 200;
  std::string user;
  std::optional<UserRow> changed;          // to be stored with the session
  std::optional<std::string> old_session;  // hash; ends, as it is replaced
  bool must_be_durable = false;            // else a disk that is full keeps nobody out
};
// Begins a session with a new id and answers with its body and cookie. False: something else was
// answered, and nothing has changed.
bool begin_session(ApiContext& api, const Asker& asker, const SignIn& wanted);

// The 507 or 500 for what holds, but is not stored.
Problem not_stored(const Error& error);

}  // namespace tocsin
