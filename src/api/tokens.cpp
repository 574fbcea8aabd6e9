// POST tokens {scope, name}: makes a token. Its text is shown in this one answer and never again;
// it is good once it is durable.
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/json_writer.h"
#include "api/services.h"
#include "api/token.h"

namespace tocsin {
namespace {

std::string token_body(const TokenRow& row, const std::string& token) {
  JsonWriter json;
  json.begin_object();
  json.field("token", token).field("id", row.id).field("scope", row.scope);
  json.field("name", row.name).field("created", row.created).end_object();
  return json.take();
}

void save(ApiContext& api, const TokenRow& row, std::function<void(Result<void>)> done) {
  Engine& engine = api.services.engine;
  engine.mailbox().post([&engine, row, done = std::move(done)] { engine.save_token(row, done); });
}

}  // namespace

void post_tokens(ApiContext& api, const ApiRequest& request, Respond respond) {
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
  save(api, row,
       [&api, row, token = *token, request_id = request.request_id,
        respond](const Result<void>& saved) {
         if (!saved) {
           respond(problem_response(problem_of(saved.error()), request_id));
           return;
         }
         api.tokens.add_token(row);
         respond({.status = 201, .body = token_body(row, token)});
       });
}

}  // namespace tocsin
