// Authenticator: who is asking. Bearer tokens only, in the Authorization header (never in an
// address, where logs keep them); the local socket, whose peer the server has already found to be
// our own user or root, counts as admin. Tokens are held in memory as hashes.
#pragma once

#include <expected>
#include <mutex>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "store/store.h"

namespace tocsin {

class Authenticator {
 public:
  // Replaces what is known; revoked rows and unknown scopes are left out. From any thread.
  void set_tokens(const std::vector<TokenRow>& rows);
  // One more, as soon as it is durable. From any thread.
  void add_token(const TokenRow& row);

  // The caller (scope none without credentials), or the 401 for credentials that are no good. What
  // was wrong with them is not said.
  [[nodiscard]] std::expected<Caller, Problem> identify(const ApiRequest& request) const;

 private:
  struct Known {
    std::string hash, id, name;
    Scope scope = Scope::none;
  };
  // Tokens are made by the engine's thread and looked up by the API's.
  mutable std::mutex mutex_;
  std::vector<Known> tokens_;
};

}  // namespace tocsin
