#include "api/sign_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "api/cookie.h"
#include "api/json_writer.h"
#include "api/secret_text.h"

namespace tocsin {

bool keep_accounts(ApiContext& api, const Asker& asker, const AccountRows& rows,
                   std::function<void(const Result<void>&)> done) {
  const bool is_taken =
      tell_engine(api, asker, [&loop = api.loop, rows, done = std::move(done)](Engine& engine) {
        engine.save_accounts(rows.users, rows.sessions, [&loop, done](const Result<void>& kept) {
          const bool is_kept = kept || kept.error().kind == ErrorKind::busy;
          loop.post([done, answer = is_kept ? Result<void>() : kept] { done(answer); });
        });
      });
  if (is_taken) {
    for (const UserRow& row : rows.users) {
      api.accounts.put(row);
    }
    api.tokens.sessions().apply(rows.sessions);
  }
  return is_taken;
}

void refuse_too_many(const Asker& asker, Duration wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  asker.respond(problem_response(
      {.status = 429,
       .code = "too_many_attempts",
       .detail = fmt::format("Too many wrong passwords. Try again in {} s.", seconds),
       .headers = {{"Retry-After", fmt::to_string(seconds)}}},
      asker.request_id));
}

std::string session_body(const SignedIn& session) {
  JsonWriter json;
  json.begin_object();
  json.key("user").begin_object().field("name", session.user).end_object();
  json.field("scope", scope_name(Scope::admin)).field("csrf_token", session.csrf_token);
  json.field("expires", session.expires).end_object();
  return json.take();
}

bool begin_session(ApiContext& api, const Asker& asker, const SignIn& wanted) {
  const auto id = make_secret_text();
  if (!id) {
    asker.respond(problem_response(problem_of(id.error()), asker.request_id));
    return false;
  }
  const SystemTime now = api.services.clock.system_now();
  const SessionRow row{
      .hash = session_hash(*id), .user = wanted.user, .created = now, .last_used = now};
  AccountRows rows{.users = {}, .sessions = api.tokens.sessions().beginning(row, now)};
  if (wanted.changed) {
    rows.users.push_back(*wanted.changed);
  }
  if (wanted.old_session) {
    std::ranges::move(api.tokens.sessions().ending(*wanted.old_session),
                      std::back_inserter(rows.sessions));
  }
  ApiResponse answer{.status = wanted.status,
                     .headers = {{"Set-Cookie", session_cookie(*id)}},
                     .body = session_body({.user = wanted.user,
                                           .session_hash = row.hash,
                                           .csrf_token = csrf_token_of(*id),
                                           .expires = session_end(row)})};
  return keep_accounts(
      api, asker, rows,
      [asker, answer = std::move(answer), must = wanted.must_be_durable](const Result<void>& kept) {
        asker.respond(kept || !must ? answer
                                    : problem_response(not_stored(kept.error()), asker.request_id));
      });
}

Problem not_stored(const Error& error) {
  Problem problem = problem_of(error);
  problem.detail =
      "This holds from now on, but could not be stored yet and is lost if the server ends before "
      "it is: " +
      problem.detail;
  return problem;
}

}  // namespace tocsin
