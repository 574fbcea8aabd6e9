// The bodies of the routes that take a name and a password: read, and judged by password_rules.h.
#pragma once

#include <expected>
#include <string>

#include "api/message.h"
#include "api/problem.h"

namespace tocsin {

struct Credentials {
  std::string user, password;
};

// {"user", "password"} of somebody who signs in: whatever was typed, within the sizes.
std::expected<Credentials, Problem> read_credentials(const ApiRequest& request);
// The same of a user to be made, with what else the body must have as text (empty: nothing).
struct NewUser {
  Credentials credentials;
  std::string setup_token;
};
enum class WithToken : uint8_t { no, yes };
std::expected<NewUser, Problem> read_new_user(const ApiRequest& request, WithToken with_token);

// {"current", "new"}
struct PasswordChange {
  std::string current, wanted;
};
std::expected<PasswordChange, Problem> read_password_change(const ApiRequest& request);
// {"password"}
std::expected<std::string, Problem> read_new_password(const ApiRequest& request);

}  // namespace tocsin
