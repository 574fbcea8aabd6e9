// Accounts: the users, and what stands between a password and a session: limiter, hasher, worker,
// set-up gate. Sessions themselves are the Authenticator's (auth.h). The routes are in setup.cpp,
// session.cpp, password.cpp and users.cpp; who may do what is said there.
//
// What changes (sign_in.h) is told the engine and then holds here at once, before it is durable: a
// disk that is full must not keep people out, and the writer holds the rows until they can be
// stored.
// On the API's thread, but for the worker's jobs.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/login_limiter.h"
#include "api/password_hash.h"
#include "api/password_worker.h"
#include "api/setup_gate.h"
#include "store/store.h"

namespace tocsin {

class Accounts {
 public:
  explicit Accounts(PasswordCost cost) : hasher(cost) {}

  void load(const std::vector<UserRow>& rows);
  // The user, or null.
  [[nodiscard]] const UserRow* find(const std::string& name) const;
  [[nodiscard]] bool empty() const { return users_.empty(); }
  // Makes or replaces; with a user set-up is closed.
  void put(UserRow row);

  SetupGate setup;
  LoginLimiter limiter;
  const PasswordHasher hasher;

 private:
  std::map<std::string, UserRow> users_;

 public:
  PasswordWorker worker;  // last: its jobs use the hasher
};

}  // namespace tocsin
