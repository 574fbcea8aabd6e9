// Authenticator: who is asking, the one gate. The local socket, whose peer the server has already
// found to be our own user or root, counts as admin. Programs bring a bearer token in the
// Authorization header (never in an address, where logs keep them), people the cookie of a session,
// which counts as admin too. Both are held in memory as hashes.
#pragma once

#include <expected>
#include <mutex>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "api/session_book.h"
#include "store/store.h"

namespace tocsin {

class Authenticator {
 public:
  // Replaces what is known; revoked rows and unknown scopes are left out. From any thread.
  void set_tokens(const std::vector<TokenRow>& rows);
  // One more, as soon as it is durable. From any thread.
  void add_token(const TokenRow& row);
  // It is no good from now on. From any thread.
  void revoke_token(const std::string& id);
  // On the API's thread.
  [[nodiscard]] SessionBook& sessions() { return sessions_; }

  // The caller (scope none without credentials), or the 401 for credentials that are no good. What
  // was wrong with them is not said. A cookie that is no good is none: browsers send it by
  // themselves, and with it in the way nobody could sign in again. On the API's thread.
  [[nodiscard]] std::expected<Caller, Problem> identify(const ApiRequest& request, SystemTime now);

 private:
  [[nodiscard]] std::expected<Caller, Problem> caller_of_token(std::string_view header) const;
  [[nodiscard]] Caller caller_of_cookie(const ApiRequest& request, SystemTime now);

  struct Known {
    std::string hash, id, name;
    Scope scope = Scope::none;
  };
  // Tokens are made by the engine's thread and looked up by the API's.
  mutable std::mutex mutex_;
  std::vector<Known> tokens_;
  SessionBook sessions_;
};

}  // namespace tocsin
