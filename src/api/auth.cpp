#include "api/auth.h"

#include <fmt/format.h>

#include "api/cookie.h"
#include "api/secret_text.h"
#include "api/token.h"
#include "base/letter_case.h"

namespace tocsin {
namespace {

Problem bad_credentials() {
  return {
      .status = 401,
      .code = "unauthorized",
      .detail = "The Authorization header holds no valid token: it must be \"Bearer tocsin_...\".",
      .headers = {{"WWW-Authenticate", "Bearer realm=\"tocsin\", error=\"invalid_token\""}}};
}

// The token of "Bearer TOKEN"; the scheme in any case (RFC 9110 11.1). Empty when it is none.
std::string_view bearer_token(std::string_view header) {
  constexpr std::string_view kScheme = "bearer ";
  if (header.size() <= kScheme.size() ||
      !same_ignoring_ascii_case(header.substr(0, kScheme.size()), kScheme)) {
    return {};
  }
  return header.substr(kScheme.size());
}

// The id in the session's cookie; empty: there is none that could be one. A proxy may have split
// the header.
std::string session_id_of(const ApiRequest& request) {
  std::string_view found;
  for (const auto& [name, value] : request.headers) {
    const std::string_view id =
        name == "cookie" ? cookie_value(value, kSessionCookie) : std::string_view();
    if (!id.empty() && !found.empty()) {
      return {};
    }
    found = id.empty() ? found : id;
  }
  return is_secret_text(found) ? std::string(found) : std::string();
}

}  // namespace

void Authenticator::set_tokens(const std::vector<TokenRow>& rows) {
  {
    const std::lock_guard lock(mutex_);
    tokens_.clear();
  }
  for (const TokenRow& row : rows) {
    add_token(row);
  }
}

void Authenticator::add_token(const TokenRow& row) {
  const auto scope = scope_from_name(row.scope);
  if (row.revoked || !scope) {
    return;
  }
  const std::lock_guard lock(mutex_);
  tokens_.push_back({.hash = row.hash, .id = row.id, .name = row.name, .scope = *scope});
}

void Authenticator::revoke_token(const std::string& id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(tokens_, [&id](const Known& known) { return known.id == id; });
}

std::expected<Caller, Problem> Authenticator::identify(const ApiRequest& request, SystemTime now) {
  if (request.local_user) {
    return Caller{.scope = Scope::admin,
                  .id = "local",
                  .name = fmt::format("local user {}", *request.local_user),
                  .is_local_socket = true};
  }
  const std::string_view header = request.header("authorization");
  return header.empty() ? caller_of_cookie(request, now) : caller_of_token(header);
}

Caller Authenticator::caller_of_cookie(const ApiRequest& request, SystemTime now) {
  const std::string id = session_id_of(request);
  const auto session = id.empty() ? std::nullopt : sessions_.use(session_hash(id), now);
  if (!session) {
    return {};
  }
  return {.scope = Scope::admin,
          .id = "user " + session->user,
          .name = session->user,
          .is_local_socket = false,
          .session = SignedIn{.user = session->user,
                              .session_hash = session->hash,
                              .csrf_token = csrf_token_of(id),
                              .expires = session_end(*session)}};
}

std::expected<Caller, Problem> Authenticator::caller_of_token(std::string_view header) const {
  const std::string_view token = bearer_token(header);
  if (!is_token_text(token)) {
    return std::unexpected(bad_credentials());
  }
  const std::string hash = token_hash(token);
  const std::lock_guard lock(mutex_);
  const Known* found = nullptr;
  for (const Known& known : tokens_) {  // all of them, so that the time says nothing of the place
    if (same_secret(known.hash, hash)) {
      found = &known;
    }
  }
  if (found == nullptr) {
    return std::unexpected(bad_credentials());
  }
  return Caller{.scope = found->scope, .id = found->id, .name = found->name};
}

}  // namespace tocsin
