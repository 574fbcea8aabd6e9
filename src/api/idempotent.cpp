#include "api/idempotent.h"

#include <algorithm>

#include "api/services.h"

namespace tocsin {
namespace {

using Key = IdempotentAnswers::Key;
using State = IdempotentAnswers::State;

Problem bad_key() {
  return validation_failed({{.pointer = "Idempotency-Key",
                             .code = "invalid_field",
                             .message = "Idempotency-Key must be 1 to 100 visible characters."}});
}

Problem reused_key() {
  return {.status = 422,
          .code = "idempotency_key_reused",
          .detail =
              "This Idempotency-Key came with another request before: use a new one for "
              "each."};
}

Problem running_key() {
  return {.status = 409,
          .code = "still_running",
          .detail = "The first request with this Idempotency-Key has not been answered yet.",
          .headers = {{"Retry-After", "1"}}};
}

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= kIdempotencyKeyBytesMax &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

uint64_t fingerprint(const ApiRequest& request) {
  return stable_hash(request.method + "\n" + request.target + "\n" + request.body);
}

// These did not act and may succeed soon. What acted and could not be stored (507) is kept: acting
// twice would not make it better.
bool is_kept(int status) {
  return status != 408 && status != 429 && status != 503 && status != 504;
}

ApiResponse replayed(ApiResponse answer) {
  answer.headers.emplace_back("Idempotency-Replayed", "true");
  return answer;
}

// Keeps the answer on the API's thread before it leaves, from whatever thread it comes.
Respond keeping(ApiContext& api, const Key& key, const Respond& respond) {
  return [&api, key, respond](ApiResponse response) {
    api.loop.post([&api, key, respond, response = std::move(response)] {
      if (is_kept(response.status)) {
        api.answers.finish(key, response);
      } else {
        api.answers.forget(key);
      }
      respond(response);
    });
  };
}

}  // namespace

void run_once(ApiContext& api, const Route& route, const ApiRequest& request,
              const Respond& respond) {
  const bool has_key = std::ranges::any_of(
      request.headers, [](const NamedValue& one) { return one.first == "idempotency-key"; });
  // A dry run does nothing that could be done twice, and its answer must not push others out.
  const bool is_dry = request.query_value("dry_run").value_or("") == "true";
  if (request.method != "POST" || !has_key || is_dry || request.caller.scope == Scope::none) {
    route.handler()(api, request, respond);
    return;
  }
  const auto refuse = [&](const Problem& problem) {
    respond(problem_response(problem, request.request_id));
  };
  const std::string_view text = request.header("idempotency-key");
  if (!is_key(text)) {
    refuse(bad_key());
    return;
  }
  const Key key{request.caller.id, std::string(text)};
  auto found = api.answers.begin(key, fingerprint(request), api.services.clock.steady_now());
  switch (found.state) {
    case State::fresh:
      route.handler()(api, request, keeping(api, key, respond));
      return;
    case State::running:
      refuse(running_key());
      return;
    case State::other_request:
      refuse(reused_key());
      return;
    case State::answered:
      respond(replayed(std::move(*found.answer)));
      return;
  }
}

}  // namespace tocsin
