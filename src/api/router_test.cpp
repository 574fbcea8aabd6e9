#include "api/router.h"

#include <gtest/gtest.h>

#include "api/dispatch.h"
#include "api/token.h"

namespace tocsin {
namespace {

void nothing(ApiContext&, const ApiRequest&, const Respond&) {}

const std::vector<Route>& routes() {
  static const std::vector<Route> table = {
      {"GET", "/things", Scope::read, {"limit", "cursor"}, nothing},
      {"POST", "/things", Scope::write, {}, nothing},
      {"GET", "/things/{id}", Scope::read, {}, nothing},
      {"GET", "/things/{id}/parts/{part}", Scope::admin, {}, nothing},
      {"GET", "/", Scope::none, {}, nothing},
  };
  return table;
}

ApiRequest request(std::string method, std::string target) {
  return {.method = std::move(method), .target = std::move(target), .request_id = "r1"};
}

TEST(Router, FillsWhatTheBracesMatched) {
  ApiRequest asked = request("GET", "/things/a%2Fb/parts/7");
  const auto found = find_route(routes(), asked);
  ASSERT_TRUE(std::holds_alternative<const Route*>(found));
  EXPECT_EQ(std::get<const Route*>(found)->pattern(), "/things/{id}/parts/{part}");
  EXPECT_EQ(asked.captures, (std::vector<std::string>{"a/b", "7"}));
}

// HEAD is GET without a body; the server cuts it off.
TEST(Router, ServesHeadAsGet) {
  ApiRequest asked = request("HEAD", "/things");
  const auto found = find_route(routes(), asked);
  ASSERT_TRUE(std::holds_alternative<const Route*>(found));
  EXPECT_EQ(std::get<const Route*>(found)->method(), "GET");
}

TEST(Router, UnknownPathIs404) {
  for (const char* target : {"/nothing", "/things/", "/things/a/", "/things//parts/1", "/Things"}) {
    ApiRequest asked = request("GET", target);
    const auto found = find_route(routes(), asked);
    ASSERT_TRUE(std::holds_alternative<Problem>(found)) << target;
    EXPECT_EQ(std::get<Problem>(found).status, 404) << target;
  }
}

// The wrong method on a known path says which are right.
TEST(Router, WrongMethodIs405WithAllow) {
  for (const char* method : {"DELETE", "TRACE", "OPTIONS", "CONNECT", "get"}) {
    ApiRequest asked = request(method, "/things");
    const auto found = find_route(routes(), asked);
    ASSERT_TRUE(std::holds_alternative<Problem>(found)) << method;
    const auto& problem = std::get<Problem>(found);
    EXPECT_EQ(problem.status, 405);
    EXPECT_EQ(problem.headers, (std::vector<NamedValue>{{"Allow", "GET, HEAD, POST"}}));
  }
}

// Every scope against every need: the whole of the authorization table.
TEST(Router, AScopeIncludesTheLowerOnes) {
  const std::vector<Scope> order = {Scope::none, Scope::read, Scope::write, Scope::admin};
  for (const Scope needs : order) {
    const Route route("GET", "/x", needs, {}, nothing);
    for (const Scope has : order) {
      const auto problem = refuse_scope(route, {.scope = has});
      EXPECT_EQ(problem.has_value(), has < needs);
      if (problem) {
        EXPECT_EQ(problem->status, has == Scope::none ? 401 : 403);
      }
    }
  }
}

TEST(Router, UnknownParameterNamesTheNearest) {
  ApiRequest asked = request("GET", "/things?limt=5");
  const auto found = find_route(routes(), asked);
  const auto problem = refuse_query(*std::get<const Route*>(found), asked);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->status, 422);
  EXPECT_EQ(problem->errors,
            (std::vector<FieldProblem>{{.pointer = "?limt",
                                        .code = "unknown_parameter",
                                        .message = "There is no query parameter \"limt\" here.",
                                        .hint = "Did you mean \"limit\"?"}}));
}

// A link from a mail carries names of its own.
TEST(Router, APagePassesOverItsQuery) {
  const Route page("GET", "/", Scope::none, {kAnyQuery},
                   [](ApiContext&, const ApiRequest&, const Respond&) {});
  ApiRequest asked = request("GET", "/?utm_source=mail");
  ASSERT_TRUE(std::holds_alternative<const Route*>(find_route({&page, 1}, asked)));
  EXPECT_EQ(refuse_query(page, asked), std::nullopt);
  EXPECT_TRUE(page.query_names().empty());
}

// Who may not ask learns nothing of the parameters.
TEST(Admit, AsksForTheScopeBeforeTheQuery) {
  Authenticator tokens;
  ApiRequest asked = request("GET", "/things?limt=5");
  const auto admitted = admit(routes(), tokens, {}, asked);
  ASSERT_TRUE(std::holds_alternative<ApiResponse>(admitted));
  EXPECT_EQ(std::get<ApiResponse>(admitted).status, 401);
}

TEST(Admit, OpenPathsNeedNoTokenButRefuseABadOne) {
  Authenticator tokens;
  ApiRequest asked = request("GET", "/");
  EXPECT_TRUE(std::holds_alternative<const Route*>(admit(routes(), tokens, {}, asked)));
  asked.headers = {{"authorization", "Bearer nonsense"}};
  const auto admitted = admit(routes(), tokens, {}, asked);
  ASSERT_TRUE(std::holds_alternative<ApiResponse>(admitted));
  EXPECT_EQ(std::get<ApiResponse>(admitted).status, 401);
}

}  // namespace
}  // namespace tocsin
