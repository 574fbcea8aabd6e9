// GET setup: whether the first user can still be made. POST setup {setup_token, user, password}:
// makes that user and signs them in, once in the life of a store (threat T34). Who has no account
// must hold the token, which is told where the server runs and nowhere else: `serve` prints the
// link with it, and GET setup/link gives it to who asks through the local socket.
#include "api/credential_body.h"
#include "api/handlers.h"
#include "api/json_writer.h"
#include "api/sign_in.h"

namespace tocsin {
namespace {

Problem closed() {
  return {.status = 409,
          .code = "setup_closed",
          .detail =
              "This server is set up: sign in. Who lost the password runs, where the server "
              "runs: tocsin user password NAME --data DIR"};
}

Problem wrong_token() {
  return {.status = 403,
          .code = "bad_setup_token",
          .detail =
              "This is not the set-up token of this start of the server. Where the server runs, "
              "tocsin setup-link --data DIR prints the link."};
}

Problem only_local_link() {
  return {.status = 403,
          .code = "forbidden",
          .detail = "This works on the machine of the server only: tocsin setup-link --help."};
}

// Back on the API's thread with the hash. Meanwhile somebody may have run `tocsin user create`.
void finish(ApiContext& api, const Asker& asker, const std::string& name,
            const Result<std::string>& hash) {
  if (!api.accounts.setup.is_open()) {
    asker.respond(problem_response(closed(), asker.request_id));
    return;
  }
  if (!hash) {
    api.accounts.setup.give_back();
    asker.respond(problem_response(problem_of(hash.error()), asker.request_id));
    return;
  }
  const SystemTime now = api.services.clock.system_now();
  const UserRow first{
      .name = name, .password_hash = *hash, .created = now, .password_changed = now};
  const SignIn wanted{.status = 201,
                      .user = name,
                      .changed = first,
                      .old_session = std::nullopt,
                      .must_be_durable = true};
  if (!begin_session(api, asker, wanted)) {
    api.accounts.setup.give_back();
  }
}

Problem no_pages(const ApiContext& api) {
  return {.status = 409,
          .code = "no_pages",
          .detail =
              "This server was built without its web pages, so no link would lead anywhere. Make "
              "the first user with: tocsin user create NAME --data " +
              api.services.about.store_file.parent_path().string()};
}

}  // namespace

void get_setup(ApiContext& api, const ApiRequest&, const Respond& respond) {
  JsonWriter json;
  json.begin_object().field("open", api.accounts.setup.is_open()).end_object();
  respond({.body = json.take()});
}

void get_setup_link(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  if (!request.caller.is_local_socket) {
    respond(problem_response(only_local_link(), request.request_id));
    return;
  }
  const std::string link = api.accounts.setup.link(api.services.public_url);
  if (link.empty()) {
    respond(problem_response(closed(), request.request_id));
    return;
  }
  if (!api.services.has_pages) {
    respond(problem_response(no_pages(api), request.request_id));
    return;
  }
  JsonWriter json;
  json.begin_object().field("link", link).end_object();
  respond({.body = json.take()});
}

void post_setup(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto refuse = [&](const Problem& problem) {
    respond(problem_response(problem, request.request_id));
  };
  if (!api.accounts.setup.is_open()) {
    refuse(closed());
    return;
  }
  const auto wanted = read_new_user(request, WithToken::yes);
  if (!wanted) {
    refuse(wanted.error());
    return;
  }
  if (!api.accounts.setup.takes(wanted->setup_token)) {
    refuse(wrong_token());
    return;
  }
  if (!api.accounts.setup.claim()) {
    refuse(closed());
    return;
  }
  const Asker asker{request.request_id, respond};
  const Credentials& made = wanted->credentials;
  const bool is_taken = hash_aside(
      api, asker,
      [&hasher = api.accounts.hasher, password = made.password] { return hasher.hash(password); },
      [&api, asker, name = made.user](const Result<std::string>& hash) {
        finish(api, asker, name, hash);
      });
  if (!is_taken) {
    api.accounts.setup.give_back();
  }
}

}  // namespace tocsin
