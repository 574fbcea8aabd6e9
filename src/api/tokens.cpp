// POST tokens {scope, name}: makes a token. Its text is shown in this one answer and never again;
// it is good once it is durable.
#include <algorithm>

#include "api/handlers.h"
#include "api/json_body.h"
#include "api/json_writer.h"
#include "api/services.h"
#include "api/token.h"

namespace tocsin {
namespace {

// Names stand in logs and in the timeline of incidents.
bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
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
    if (!saved) {
      respond(problem_response(problem_of(saved.error()), request_id));
      return;
    }
    api.tokens.add_token(row);
    respond({.status = 201, .body = token_body(row, token)});
  };
  tell_engine(api, {request.request_id, respond},
              [row, done](Engine& engine) { engine.save_token(row, done); });
}

}  // namespace tocsin
