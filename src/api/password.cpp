// POST password {current, new}: somebody who is signed in changes their own password. Every other
// session of theirs ends at once.
#include "api/credential_body.h"
#include "api/handlers.h"
#include "api/sign_in.h"

namespace tocsin {
namespace {

Problem not_a_user() {
  return {.status = 403,
          .code = "forbidden",
          .detail =
              "Only somebody who is signed in has a password to change. Who lost it runs, "
              "where the server runs: tocsin user password NAME --data DIR"};
}

Problem wrong_password() {
  return {.status = 403, .code = "bad_password", .detail = "The current password is another one."};
}

// What was looked at and made while the API went on.
struct Change {
  PasswordVerdict verdict;
  Result<std::string> new_hash;
};

struct Wish {
  Asker asker;
  SignedIn session;
  SocketAddress client;
  std::string old_hash;
};

void finish(ApiContext& api, const Wish& wish, const Change& change) {
  const auto refuse = [&wish](const Problem& problem) {
    wish.asker.respond(problem_response(problem, wish.asker.request_id));
  };
  const UserRow* const user = api.accounts.find(wish.session.user);
  const bool is_same = user != nullptr && user->password_hash == wish.old_hash;
  if (!change.verdict.is_right || !is_same) {
    refuse(wrong_password());
    return;
  }
  api.accounts.limiter.succeeded(wish.session.user, wish.client);
  if (!change.new_hash) {
    refuse(problem_of(change.new_hash.error()));
    return;
  }
  UserRow changed = *user;
  changed.password_hash = *change.new_hash;
  changed.password_changed = api.services.clock.system_now();
  const AccountRows rows{
      .users = {changed},
      .sessions = api.tokens.sessions().ending_all_of(changed.name, wish.session.session_hash)};
  keep_accounts(api, wish.asker, rows, [asker = wish.asker](const Result<void>& kept) {
    asker.respond(kept ? ApiResponse{.status = 204}
                       : problem_response(not_stored(kept.error()), asker.request_id));
  });
}

}  // namespace

void post_password(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const Asker asker{request.request_id, respond};
  const auto& session = request.caller.session;
  const UserRow* const user = session ? api.accounts.find(session->user) : nullptr;
  if (user == nullptr) {
    respond(problem_response(not_a_user(), request.request_id));
    return;
  }
  const auto wanted = read_password_change(request);
  if (!wanted) {
    respond(problem_response(wanted.error(), request.request_id));
    return;
  }
  LoginLimiter& limiter = api.accounts.limiter;
  if (const auto wait =
          limiter.begin(session->user, request.peer, api.services.clock.steady_now())) {
    refuse_too_many(asker, *wait);
    return;
  }
  const Wish wish{
      .asker = asker, .session = *session, .client = request.peer, .old_hash = user->password_hash};
  const bool is_taken = hash_aside(
      api, asker,
      [&hasher = api.accounts.hasher, old_hash = wish.old_hash, wanted = *wanted] {
        Change change{.verdict = hasher.check(old_hash, wanted.current), .new_hash = ""};
        if (change.verdict.is_right) {
          change.new_hash = hasher.hash(wanted.wanted);
        }
        return change;
      },
      [&api, wish](const Change& change) { finish(api, wish, change); });
  if (!is_taken) {
    limiter.take_back(session->user, request.peer);
  }
}

}  // namespace tocsin
