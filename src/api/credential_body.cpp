#include "api/credential_body.h"

#include "api/json_body.h"
#include "api/password_rules.h"

namespace tocsin {
namespace {

void judge(FieldReader& fields, std::string_view name, const std::optional<std::string>& text,
           std::optional<std::string> (*rule)(std::string_view)) {
  if (const auto problem = text ? rule(*text) : std::nullopt) {
    fields.refuse(name, "invalid_text", *problem);
  }
}

// One longer than allowed would be refused by its size before the rule can say why.
constexpr size_t kPasswordReadMax = kJsonStringBytesMax;
constexpr size_t kSetupTokenBytesMax = 100;  // it has 43

}  // namespace

std::expected<Credentials, Problem> read_credentials(const ApiRequest& request) {
  const auto body = read_json_object(request);
  if (!body) {
    return std::unexpected(body.error());
  }
  FieldReader fields(*body, {"user", "password"});
  const auto user = fields.text("user", kUserNameBytesMax, true);
  const auto password = fields.text("password", kPasswordBytesMax, true);
  if (!fields.ok()) {
    return std::unexpected(fields.problem());
  }
  return Credentials{.user = *user, .password = *password};
}

std::expected<NewUser, Problem> read_new_user(const ApiRequest& request, WithToken with_token) {
  const auto body = read_json_object(request);
  if (!body) {
    return std::unexpected(body.error());
  }
  std::vector<std::string_view> known = {"user", "password"};
  if (with_token == WithToken::yes) {
    known.insert(known.begin(), "setup_token");
  }
  FieldReader fields(*body, known);
  const auto token = with_token == WithToken::yes
                         ? fields.text("setup_token", kSetupTokenBytesMax, true)
                         : std::optional<std::string>("");
  const auto user = fields.text("user", kPasswordReadMax, true);
  const auto password = fields.text("password", kPasswordReadMax, true);
  judge(fields, "user", user, user_name_problem);
  judge(fields, "password", password, password_problem);
  if (!fields.ok()) {
    return std::unexpected(fields.problem());
  }
  return NewUser{.credentials = {.user = *user, .password = *password}, .setup_token = *token};
}

std::expected<PasswordChange, Problem> read_password_change(const ApiRequest& request) {
  const auto body = read_json_object(request);
  if (!body) {
    return std::unexpected(body.error());
  }
  FieldReader fields(*body, {"current", "new"});
  const auto current = fields.text("current", kPasswordBytesMax, true);
  const auto wanted = fields.text("new", kPasswordReadMax, true);
  judge(fields, "new", wanted, password_problem);
  if (!fields.ok()) {
    return std::unexpected(fields.problem());
  }
  return PasswordChange{.current = *current, .wanted = *wanted};
}

std::expected<std::string, Problem> read_new_password(const ApiRequest& request) {
  const auto body = read_json_object(request);
  if (!body) {
    return std::unexpected(body.error());
  }
  FieldReader fields(*body, {"password"});
  const auto password = fields.text("password", kPasswordReadMax, true);
  judge(fields, "password", password, password_problem);
  if (!fields.ok()) {
    return std::unexpected(fields.problem());
  }
  return *password;
}

}  // namespace tocsin
