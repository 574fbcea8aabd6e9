// POST users {user, password}, PUT users/{name}/password {password}: what `tocsin user` asks of a
// running server, through its local socket and from nowhere else. Who may read the store's files
// can set a password anyway; a token cannot.
#include "api/credential_body.h"
#include "api/handlers.h"
#include "api/json_writer.h"
#include "api/sign_in.h"

namespace tocsin {
namespace {

Problem only_local() {
  return {.status = 403,
          .code = "forbidden",
          .detail = "This works on the machine of the server only: tocsin user --help."};
}

std::string user_body(const UserRow& row) {
  JsonWriter json;
  json.begin_object().field("name", row.name).field("created", row.created);
  json.field("password_changed", row.password_changed).end_object();
  return json.take();
}

// Both routes end so: the row is put, the user's sessions end, the answer leaves when it is stored.
void keep_user(ApiContext& api, const Asker& asker, const UserRow& row, ApiResponse answer) {
  const AccountRows rows{.users = {row}, .sessions = api.tokens.sessions().ending_all_of(row.name)};
  keep_accounts(api, asker, rows, [asker, answer = std::move(answer)](const Result<void>& kept) {
    asker.respond(kept ? answer : problem_response(not_stored(kept.error()), asker.request_id));
  });
}

void finish_new(ApiContext& api, const Asker& asker, const std::string& name,
                const Result<std::string>& hash) {
  const auto refuse = [&asker](const Problem& problem) {
    asker.respond(problem_response(problem, asker.request_id));
  };
  if (!hash) {
    refuse(problem_of(hash.error()));
    return;
  }
  if (api.accounts.find(name) != nullptr) {
    refuse({.status = 409,
            .code = "conflict",
            .detail = "There is a user of this name already. tocsin user password sets their "
                      "password anew."});
    return;
  }
  const SystemTime now = api.services.clock.system_now();
  const UserRow row{.name = name, .password_hash = *hash, .created = now, .password_changed = now};
  keep_user(api, asker, row, {.status = 201, .body = user_body(row)});
}

void finish_password(ApiContext& api, const Asker& asker, const std::string& name,
                     const Result<std::string>& hash) {
  const UserRow* const user = api.accounts.find(name);
  if (!hash || user == nullptr) {
    asker.respond(problem_response(
        hash ? not_found("There is no user of this name.") : problem_of(hash.error()),
        asker.request_id));
    return;
  }
  UserRow row = *user;
  row.password_hash = *hash;
  row.password_changed = api.services.clock.system_now();
  api.accounts.limiter.renewed(name);
  keep_user(api, asker, row, {.status = 204});
}

using Finish = void (*)(ApiContext&, const Asker&, const std::string&, const Result<std::string>&);

void hash_and(ApiContext& api, const Asker& asker, const Credentials& wanted, Finish finish) {
  hash_aside(
      api, asker,
      [&hasher = api.accounts.hasher, password = wanted.password] { return hasher.hash(password); },
      [&api, asker, name = wanted.user, finish](const Result<std::string>& hash) {
        finish(api, asker, name, hash);
      });
}

}  // namespace

void post_users(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  if (!request.caller.is_local_socket) {
    respond(problem_response(only_local(), request.request_id));
    return;
  }
  const auto wanted = read_new_user(request, WithToken::no);
  if (!wanted) {
    respond(problem_response(wanted.error(), request.request_id));
    return;
  }
  hash_and(api, {request.request_id, respond}, wanted->credentials, finish_new);
}

void put_user_password(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  if (!request.caller.is_local_socket) {
    respond(problem_response(only_local(), request.request_id));
    return;
  }
  const auto password = read_new_password(request);
  if (!password) {
    respond(problem_response(password.error(), request.request_id));
    return;
  }
  const Credentials wanted{.user = request.captures.at(0), .password = *password};
  hash_and(api, {request.request_id, respond}, wanted, finish_password);
}

}  // namespace tocsin
