// GET tokens: all, newest last, without their texts. POST tokens {scope, name}: makes one. Its text
// is shown in this one answer and never again; it is good once it is durable. DELETE tokens/{id}:
// it is no good from now on; the row stays, so that logs and incidents can still say whose it was.
#include <algorithm>
#include <utility>

#include "api/handlers.h"
#include "api/json_body.h"
#include "api/json_writer.h"
#include "api/services.h"
#include "api/sign_in.h"
#include "api/token.h"
#include "base/one_line.h"

namespace tocsin {
namespace {

// Kept, though results beside it may have been dropped for want of space.
bool is_kept(const Result<void>& saved) { return saved || saved.error().kind == ErrorKind::busy; }

// On the API's thread, from the store: tokens are few, and this one reading says all.
Result<std::vector<TokenRow>> stored_tokens(ApiContext& api) {
  const auto reader = api.reader();
  if (!reader) {
    return std::unexpected(reader.error());
  }
  auto rows = (*reader)->tokens();
  if (rows) {
    std::ranges::sort(*rows, {},
                      [](const TokenRow& row) { return std::pair(row.created, row.id); });
  }
  return rows;
}

std::string token_body(const TokenRow& row, const std::string& token) {
  JsonWriter json;
  json.begin_object();
  json.field("token", token).field("id", row.id).field("scope", row.scope);
  json.field("name", row.name).field("created", row.created).end_object();
  return json.take();
}

}  // namespace

void post_tokens(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto body = read_json_object(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  FieldReader fields(*body, {"scope", "name"});
  const auto scope = fields.text("scope", kTagBytesMax, true);
  const auto name = fields.text("name", kNameBytesMax, true);
  if (scope && !scope_from_name(*scope)) {
    fields.refuse("scope", "invalid_choice", "scope must be read, write or admin.");
  }
  if (name && (name->empty() || !is_one_line(*name))) {
    fields.refuse("name", "invalid_text", "name must be one line of text, who will use the token.");
  }
  if (!fields.ok()) {
    respond(problem_response(fields.problem(), request.request_id));
    return;
  }
  const auto token = make_token();
  if (!token) {
    respond(problem_response(problem_of(token.error()), request.request_id));
    return;
  }
  const std::string hash = token_hash(*token);
  const TokenRow row{.id = token_id(hash),
                     .hash = hash,
                     .scope = *scope,
                     .name = *name,
                     .created = api.services.clock.system_now()};
  const auto done = [&api, row, token = *token, request_id = request.request_id,
                     respond](const Result<void>& saved) {
    if (!is_kept(saved)) {
      respond(problem_response(problem_of(saved.error()), request_id));
      return;
    }
    api.tokens.add_token(row);
    respond({.status = 201, .body = token_body(row, token)});
  };
  tell_engine(api, {request.request_id, respond},
              [row, done](Engine& engine) { engine.save_token(row, done); });
}

void get_tokens(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto rows = stored_tokens(api);
  if (!rows) {
    respond(problem_response(problem_of(rows.error()), request.request_id));
    return;
  }
  JsonWriter json;
  json.begin_object().key("data").begin_list();
  for (const TokenRow& row : *rows) {
    json.begin_object().field("id", row.id).field("name", row.name).field("scope", row.scope);
    json.field("created", row.created).field("revoked", row.revoked).end_object();
  }
  json.end_list().null_field("next_cursor").end_object();
  respond({.body = json.take()});
}

void delete_token(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto rows = stored_tokens(api);
  if (!rows) {
    respond(problem_response(problem_of(rows.error()), request.request_id));
    return;
  }
  const auto found = std::ranges::find(*rows, request.captures.at(0), &TokenRow::id);
  if (found == rows->end()) {
    respond(problem_response(not_found("No token has this id."), request.request_id));
    return;
  }
  TokenRow row = *found;
  row.revoked = true;
  const Asker asker{request.request_id, respond};
  const auto done = [asker](const Result<void>& saved) {
    asker.respond(is_kept(saved) ? ApiResponse{.status = 204}
                                 : problem_response(not_stored(saved.error()), asker.request_id));
  };
  if (tell_engine(api, asker, [row, done](Engine& engine) { engine.save_token(row, done); })) {
    api.tokens.revoke_token(row.id);  // whether or not the disk takes it
  }
}

}  // namespace tocsin
