#include "api/routes.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>

#include "api/dispatch.h"
#include "api/token.h"

namespace tocsin {
namespace {

// T3: one table, and the matrix of it. A new route must be written here too, with the scope it
// needs.
const std::map<std::string, Scope>& expected_scopes() {
  static const std::map<std::string, Scope> table = {
      {"GET /api/v1/monitors", Scope::read},
      {"GET /api/v1/monitors/{id}", Scope::read},
      {"GET /api/v1/monitors/{id}/results", Scope::read},
      {"POST /api/v1/monitors", Scope::write},
      {"POST /api/v1/monitors/batch", Scope::write},
      {"PUT /api/v1/monitors/{id}", Scope::write},
      {"PATCH /api/v1/monitors/{id}", Scope::write},
      {"DELETE /api/v1/monitors/{id}", Scope::write},
      {"POST /api/v1/monitors/{id}/restore", Scope::write},
      {"POST /api/v1/monitors/{id}/clone", Scope::write},
      {"POST /api/v1/monitors/{id}/pause", Scope::write},
      {"POST /api/v1/monitors/{id}/resume", Scope::write},
      {"POST /api/v1/monitors/{id}/mute", Scope::write},
      {"POST /api/v1/monitors/{id}/unmute", Scope::write},
      {"POST /api/v1/monitors/{id}/run", Scope::write},
      {"GET /api/v1/tags", Scope::read},
      {"GET /api/v1/groups", Scope::read},
      {"GET /api/v1/summary", Scope::read},
      {"GET /api/v1/export", Scope::read},
      {"GET /api/v1/events", Scope::read},
      {"GET /assets/{file}", Scope::none},
      {"GET /api/v1/monitors/{id}/results/{result_id}", Scope::read},
      {"GET /api/v1/monitors/{id}/stats", Scope::read},
      {"GET /api/v1/heartbeats", Scope::read},
      {"GET /api/v1/alerts", Scope::read},
      {"GET /api/v1/alerts/{key}", Scope::read},
      {"GET /api/v1/system", Scope::read},
      {"GET /api/v1/schema/monitor", Scope::read},
      {"POST /api/v1/incidents/{id}/note", Scope::write},
      {"GET /api/v1/incidents", Scope::read},
      {"GET /api/v1/incidents/{id}", Scope::read},
      {"POST /api/v1/incidents/{id}/acknowledge", Scope::write},
      {"GET /api/v1/channels", Scope::read},
      {"POST /api/v1/channels", Scope::admin},
      {"POST /api/v1/channels/preview", Scope::read},
      {"GET /api/v1/channels/{id}", Scope::read},
      {"PUT /api/v1/channels/{id}", Scope::admin},
      {"PATCH /api/v1/channels/{id}", Scope::admin},
      {"DELETE /api/v1/channels/{id}", Scope::admin},
      {"POST /api/v1/channels/{id}/test", Scope::admin},
      {"POST /api/v1/probe", Scope::write},
      {"GET /api/v1/presets", Scope::read},
      {"POST /api/v1/reload", Scope::admin},
      {"GET /api/v1/tokens", Scope::admin},
      {"POST /api/v1/tokens", Scope::admin},
      {"DELETE /api/v1/tokens/{id}", Scope::admin},
      {"GET /api/v1/setup", Scope::none},
      {"POST /api/v1/setup", Scope::none},
      {"GET /api/v1/setup/link", Scope::admin},
      {"GET /api/v1/session", Scope::none},
      {"POST /api/v1/session", Scope::none},
      {"DELETE /api/v1/session", Scope::none},
      {"POST /api/v1/password", Scope::read},
      {"POST /api/v1/users", Scope::admin},
      {"PUT /api/v1/users/{name}/password", Scope::admin},
      {"GET /api/v1/version", Scope::read},
      {"GET /api/v1/openapi.json", Scope::none},
      {"GET /api/v1/docs", Scope::none},
      {"GET /api/docs", Scope::none},
      {"GET /api/docs/{file}", Scope::none},
      {"GET /livez", Scope::none},
      {"GET /readyz", Scope::none},
      {"GET /metrics", Scope::none},
      {"GET /", Scope::none},
      {"GET /incidents/{id}", Scope::none},
      {"GET /docs/errors", Scope::none},
  };
  return table;
}

std::string name_of(const Route& route) {
  return std::string(route.method()) + " " + std::string(route.pattern());
}

TEST(ApiRoutes, EachNeedsTheScopeItShould) {
  std::map<std::string, Scope> found;
  for (const Route& route : api_routes()) {
    EXPECT_TRUE(found.emplace(name_of(route), route.needs()).second) << "twice: " << name_of(route);
  }
  EXPECT_EQ(found, expected_scopes());
}

// What changes something is no GET, and none of it is open or for readers, but for what people do
// with a password of their own: its body is the credential, or it is theirs alone.
TEST(ApiRoutes, NothingChangesWithoutWriteScope) {
  const std::set<std::string> by_password = {"POST /api/v1/setup", "POST /api/v1/session",
                                             "DELETE /api/v1/session", "POST /api/v1/password"};
  const std::set<std::string> before_sign_in = {
      "GET /api/v1/setup", "GET /api/v1/session", "GET /api/v1/openapi.json",
      "GET /api/v1/docs",  "GET /api/docs",       "GET /api/docs/{file}"};
  // A preview only has a body.
  const std::set<std::string> by_body = {"POST /api/v1/channels/preview"};
  for (const Route& route : api_routes()) {
    const std::string name = name_of(route);
    EXPECT_TRUE(route.method() == "GET" || route.needs() >= Scope::write ||
                by_password.contains(name) || by_body.contains(name))
        << name;
    EXPECT_TRUE(!route.pattern().starts_with("/api/") || route.needs() >= Scope::read ||
                by_password.contains(name) || before_sign_in.contains(name))
        << name;
  }
}

// Who asks, in the matrix below.
struct Asking {
  const char* who;
  std::vector<NamedValue> headers;
  Scope scope = Scope::none;
  bool is_forgeable = false;  // a browser would send it for anybody's page
  bool has_csrf_token = false;
};

class RouteMatrix : public testing::Test {
 protected:
  static constexpr SystemTime kNow{1'700'000'000s};

  RouteMatrix() {
    std::vector<TokenRow> rows;
    for (const Scope scope : {Scope::read, Scope::write, Scope::admin}) {
      std::array<uint8_t, 32> random{};
      random.fill(static_cast<uint8_t>(scope));
      const std::string text = token_text(random);
      rows.push_back({.id = token_id(token_hash(text)),
                      .hash = token_hash(text),
                      .scope = std::string(scope_name(scope)),
                      .name = "t"});
      askings_.push_back(
          {.who = "token", .headers = {{"authorization", "Bearer " + text}}, .scope = scope});
    }
    gate_.set_tokens(rows);
    const std::string id(43, 'a');
    gate_.sessions().apply(
        {{.hash = session_hash(id), .user = "ann", .created = kNow, .last_used = kNow}});
    const NamedValue cookie = {"cookie", "__Host-tocsin=" + id};
    const NamedValue csrf = {"x-csrf-token", csrf_token_of(id)};
    askings_.push_back(
        {.who = "nobody", .headers = {}, .scope = Scope::none, .is_forgeable = true});
    askings_.push_back({.who = "cookie without its token",
                        .headers = {cookie},
                        .scope = Scope::admin,
                        .is_forgeable = true});
    askings_.push_back({.who = "cookie with its token",
                        .headers = {cookie, csrf},
                        .scope = Scope::admin,
                        .is_forgeable = true,
                        .has_csrf_token = true});
    askings_.push_back({.who = "cookie with another token",
                        .headers = {cookie, {"x-csrf-token", csrf_token_of("x")}},
                        .scope = Scope::admin,
                        .is_forgeable = true});
  }

  // 200: the handler would run.
  int status(const Route& route, std::vector<NamedValue> headers) {
    std::string target;
    for (const char c : route.pattern()) {
      target += c == '{' || c == '}' ? 'x' : c;
    }
    ApiRequest request{.method = std::string(route.method()), .target = target};
    request.headers = std::move(headers);
    request.headers.emplace_back("host", "tocsin.example");
    const auto admitted = admit(routes_, gate_, {.now = kNow, .public_url = ""}, request);
    const auto* refusal = std::get_if<ApiResponse>(&admitted);
    return refusal == nullptr ? 200 : refusal->status;
  }

  const std::vector<Route> routes_ = api_routes();
  Authenticator gate_;
  std::vector<Asking> askings_;
};

// T3, T16: every route against everybody, from the table above and not from the code.
TEST_F(RouteMatrix, EveryRouteAgainstEveryCaller) {
  size_t asked = 0;
  for (const Route& route : routes_) {
    const auto row = expected_scopes().find(name_of(route));
    ASSERT_NE(row, expected_scopes().end()) << name_of(route) << " has no row";
    const bool changes = route.method() != "GET";
    for (const Asking& asking : askings_) {
      const bool is_session = asking.is_forgeable && asking.scope == Scope::admin;
      const bool lacks_token = changes && is_session && !asking.has_csrf_token;
      const int wanted = lacks_token                   ? 403
                         : asking.scope >= row->second ? 200
                         : asking.scope == Scope::none ? 401
                                                       : 403;
      EXPECT_EQ(status(route, asking.headers), wanted) << name_of(route) << " by " << asking.who;
      ++asked;
    }
  }
  EXPECT_EQ(asked, expected_scopes().size() * 7);
}

// A page of another site gets nothing changed by a browser, whatever the browser knows; programs
// are not asked where they come from.
TEST_F(RouteMatrix, AForeignPageChangesNothing) {
  for (const Route& route : routes_) {
    for (const Asking& asking : askings_) {
      for (const char* origin : {"https://evil.example", "null"}) {
        std::vector<NamedValue> headers = asking.headers;
        headers.emplace_back("origin", origin);
        const int without = status(route, asking.headers);
        const bool is_refused = route.method() != "GET" && asking.is_forgeable;
        EXPECT_EQ(status(route, headers), is_refused ? 403 : without)
            << name_of(route) << " by " << asking.who;
      }
    }
  }
}

}  // namespace
}  // namespace tocsin
