#include "api/auth.h"

#include <fmt/format.h>

#include "api/token.h"

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
  if (header.size() <= kScheme.size()) {
    return {};
  }
  for (size_t i = 0; i < kScheme.size(); ++i) {
    const char c = header[i];
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower != kScheme[i]) {
      return {};
    }
  }
  return header.substr(kScheme.size());
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

std::expected<Caller, Problem> Authenticator::identify(const ApiRequest& request) const {
  if (request.local_user) {
    return Caller{.scope = Scope::admin,
                  .id = "local",
                  .name = fmt::format("local user {}", *request.local_user),
                  .is_local_socket = true};
  }
  const std::string_view header = request.header("authorization");
  if (header.empty()) {
    return Caller{};
  }
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
