// POST session {user, password}: signs in, with a new session and its cookie. GET session: who is
// signed in. DELETE session: signs out.
//
// A wrong password and an unknown user are told in the same words after the same work (T18).
#include "api/cookie.h"
#include "api/credential_body.h"
#include "api/handlers.h"
#include "api/sign_in.h"

namespace tocsin {
namespace {

Problem bad_login() {
  return {.status = 401,
          .code = "bad_login",
          .detail = "There is no such user, or the password is another one.",
          .headers = {{"WWW-Authenticate", "Bearer realm=\"tocsin\""}}};
}

Problem not_signed_in() {
  return {.status = 401,
          .code = "unauthorized",
          .detail = "Nobody is signed in here.",
          .headers = {{"WWW-Authenticate", "Bearer realm=\"tocsin\""}}};
}

// What an attempt to sign in takes along while its password is looked at.
struct Attempted {
  Asker asker;
  std::string name;
  SocketAddress client;
  std::optional<std::string> hash;  // that was looked at
  std::optional<std::string> old_session;
};

void finish(ApiContext& api, const Attempted& attempted, const PasswordVerdict& verdict) {
  const UserRow* const user = api.accounts.find(attempted.name);
  // The password may have been changed meanwhile: then this was a look at the old one.
  const bool is_same = user != nullptr && attempted.hash == user->password_hash;
  if (!verdict.is_right || !is_same) {
    attempted.asker.respond(problem_response(bad_login(), attempted.asker.request_id));
    return;
  }
  api.accounts.limiter.succeeded(attempted.name, attempted.client);
  SignIn wanted{.status = 200,
                .user = attempted.name,
                .changed = std::nullopt,
                .old_session = attempted.old_session};
  if (!verdict.renewed_hash.empty()) {
    wanted.changed = *user;
    wanted.changed->password_hash = verdict.renewed_hash;
  }
  begin_session(api, attempted.asker, wanted);
}

}  // namespace

void post_session(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto tried = read_credentials(request);
  if (!tried) {
    respond(problem_response(tried.error(), request.request_id));
    return;
  }
  Accounts& accounts = api.accounts;
  const Asker asker{request.request_id, respond};
  if (const auto wait =
          accounts.limiter.begin(tried->user, request.peer, api.services.clock.steady_now())) {
    refuse_too_many(asker, *wait);
    return;
  }
  const UserRow* const user = accounts.find(tried->user);
  Attempted attempted{.asker = asker,
                      .name = tried->user,
                      .client = request.peer,
                      .hash = user == nullptr ? std::nullopt : std::optional(user->password_hash),
                      .old_session = request.caller.session
                                         ? std::optional(request.caller.session->session_hash)
                                         : std::nullopt};
  const bool is_taken = hash_aside(
      api, asker,
      [&hasher = accounts.hasher, hash = attempted.hash, password = tried->password] {
        return hasher.check(hash, password);
      },
      [&api, attempted](const PasswordVerdict& verdict) { finish(api, attempted, verdict); });
  if (!is_taken) {
    accounts.limiter.take_back(tried->user, request.peer);
  }
}

void get_session(ApiContext&, const ApiRequest& request, const Respond& respond) {
  const auto& session = request.caller.session;
  respond(session ? ApiResponse{.body = session_body(*session)}
                  : problem_response(not_signed_in(), request.request_id));
}

void delete_session(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  ApiResponse answer{.status = 204, .headers = {{"Set-Cookie", cleared_session_cookie()}}};
  if (!request.caller.session) {
    respond(std::move(answer));
    return;
  }
  const AccountRows rows{
      .users = {}, .sessions = api.tokens.sessions().ending(request.caller.session->session_hash)};
  keep_accounts(api, {request.request_id, respond}, rows,
                [answer, request_id = request.request_id, respond](const Result<void>& kept) {
                  respond(kept ? answer : problem_response(not_stored(kept.error()), request_id));
                });
}

}  // namespace tocsin
