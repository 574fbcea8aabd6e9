#include "api/openapi/operations.h"

namespace tocsin {
namespace {

constexpr std::string_view kTag = "Accounts";
constexpr std::string_view kJson = "application/json";

std::vector<Operation> sign_in() {
  return {
      {.method = "GET",
       .path = "/api/v1/setup",
       .id = "getSetup",
       .tag = kTag,
       .summary = "Whether the first user can still be made",
       .answers = {{200, "SetupState", "Whether it is open."}}},
      {.method = "POST",
       .path = "/api/v1/setup",
       .id = "setUp",
       .tag = kTag,
       .summary = "Make the first user and sign in",
       .help = "Once in the life of a store, with the token that `tocsin serve` printed.",
       .body = "SetupRequest",
       .answers = {{201, "Session", "Made, and signed in.", kJson, {"Set-Cookie"}}},
       .problems = {"bad_setup_token", "setup_closed", "disk_full"}},
      {.method = "GET",
       .path = "/api/v1/setup/link",
       .id = "getSetupLink",
       .tag = kTag,
       .summary = "The link at which the first user is made",
       .help = "Told through the local socket only, to who runs the server.",
       .answers = {{200, "SetupLink", "The link."}},
       .problems = {"setup_closed", "no_pages"}},
      {.method = "GET",
       .path = "/api/v1/session",
       .id = "getSession",
       .tag = kTag,
       .summary = "Who is signed in",
       .answers = {{200, "Session", "Somebody is."}}},
      {.method = "POST",
       .path = "/api/v1/session",
       .id = "signIn",
       .tag = kTag,
       .summary = "Sign in",
       .help = "An unknown user and a wrong password get the same answer.",
       .body = "Credentials",
       .answers = {{200, "Session", "Signed in.", kJson, {"Set-Cookie"}}},
       .problems = {"bad_login", "too_many_attempts"}},
      {.method = "DELETE",
       .path = "/api/v1/session",
       .id = "signOut",
       .tag = kTag,
       .summary = "Sign out",
       .answers = {{204, "", "Nobody is signed in now.", kJson, {"Set-Cookie"}}},
       .problems = {"disk_full"}},
      {.method = "POST",
       .path = "/api/v1/password",
       .id = "changePassword",
       .tag = kTag,
       .summary = "Change one's own password",
       .help = "Every other session of that user ends. Tokens have no password.",
       .body = "PasswordChange",
       .answers = {{204, "", "It is changed."}},
       .problems = {"forbidden", "bad_password", "too_many_attempts", "disk_full"}},
  };
}

std::vector<Operation> management() {
  return {
      {.method = "POST",
       .path = "/api/v1/users",
       .id = "createUser",
       .tag = kTag,
       .summary = "Make a user (local socket only)",
       .help = "What `tocsin user create` asks. Over the network it is always refused.",
       .body = "Credentials",
       .answers = {{201, "User", "Made."}},
       .problems = {"conflict", "disk_full"}},
      {.method = "PUT",
       .path = "/api/v1/users/{name}/password",
       .id = "setUserPassword",
       .tag = kTag,
       .summary = "Set a user's password (local socket only)",
       .help = "What `tocsin user password` asks. Over the network it is always refused.",
       .body = "NewPassword",
       .answers = {{204, "", "It is set; all sessions of that user have ended."}},
       .problems = {"not_found", "disk_full"}},
      {.method = "GET",
       .path = "/api/v1/tokens",
       .id = "listTokens",
       .tag = kTag,
       .summary = "List tokens",
       .answers = {{200, "TokenList", "All, without their texts."}}},
      {.method = "POST",
       .path = "/api/v1/tokens",
       .id = "createToken",
       .tag = kTag,
       .summary = "Make a token",
       .body = "NewToken",
       .answers = {{201, "CreatedToken", "Its text is shown this once."}},
       .problems = {"disk_full"}},
      {.method = "DELETE",
       .path = "/api/v1/tokens/{id}",
       .id = "revokeToken",
       .tag = kTag,
       .summary = "Revoke a token",
       .help = "It is no good at once; its row stays.",
       .answers = {{204, "", "Revoked."}},
       .problems = {"not_found", "disk_full"}},
  };
}

}  // namespace

std::vector<Operation> account_operations() {
  std::vector<Operation> all = sign_in();
  for (Operation& operation : management()) {
    all.push_back(std::move(operation));
  }
  return all;
}

}  // namespace tocsin
