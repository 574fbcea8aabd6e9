#include "api/forgery.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// How browsers write an Origin, and what proxies do to Host; one case a line.
TEST(OwnOrigin, IsTheHostThatWasAskedOrThePublicUrl) {
  struct Case {
    const char *origin, *host, *public_url;
    bool is_own;
  };
  constexpr const char* kUrl = "https://tocsin.example/status";
  for (const Case& one : {
           Case{"http://127.0.0.1:8400", "127.0.0.1:8400", "", true},
           Case{"http://[::1]:8400", "[::1]:8400", "", true},
           Case{"https://tocsin.example", "tocsin.example", "", true},
           Case{"https://tocsin.example", "tocsin.example:443", "", true},
           Case{"http://tocsin.example:80", "Tocsin.Example", "", true},
           Case{"https://tocsin.example", "127.0.0.1:8400", kUrl, true},
           Case{"https://tocsin.example:443", "127.0.0.1:8400", kUrl, true},
           Case{"http://tocsin.example", "127.0.0.1:8400", kUrl, false},
           Case{"https://tocsin.example:8443", "127.0.0.1:8400", kUrl, false},
           Case{"http://127.0.0.1:8401", "127.0.0.1:8400", kUrl, false},
           Case{"https://evil.example", "tocsin.example", kUrl, false},
           Case{"https://tocsin.example.evil.example", "tocsin.example", kUrl, false},
           Case{"https://evil.example/tocsin.example", "tocsin.example", kUrl, false},
           Case{"null", "tocsin.example", kUrl, false},
           Case{"", "", "", false},
           Case{"https://", "", "", false},
           Case{"file://tocsin.example", "tocsin.example", kUrl, false},
       }) {
    EXPECT_EQ(is_own_origin(one.origin, one.host, one.public_url), one.is_own)
        << one.origin << " at " << one.host;
  }
}

Caller signed_in() {
  return {.scope = Scope::admin,
          .id = "user ann",
          .name = "ann",
          .is_local_socket = false,
          .session = SignedIn{.user = "ann", .session_hash = "h", .csrf_token = "right"}};
}

std::string verdict(const Caller& caller, const std::string& method,
                    std::vector<NamedValue> headers) {
  headers.emplace_back("host", "tocsin.example");
  const auto problem =
      refuse_forged({.method = method, .headers = std::move(headers), .caller = caller}, "");
  EXPECT_TRUE(!problem || problem->status == 403);
  return problem ? problem->code : "go on";
}

TEST(RefuseForged, ASessionNeedsItsTokenToChangeAnything) {
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    EXPECT_EQ(verdict(signed_in(), method, {}), "csrf") << method;
    EXPECT_EQ(verdict(signed_in(), method, {{"x-csrf-token", "wrong"}}), "csrf");
    EXPECT_EQ(verdict(signed_in(), method, {{"x-csrf-token", ""}}), "csrf");
    EXPECT_EQ(verdict(signed_in(), method, {{"x-csrf-token", "right"}}), "go on");
  }
  EXPECT_EQ(verdict(signed_in(), "GET", {}), "go on");
  EXPECT_EQ(verdict(signed_in(), "HEAD", {}), "go on");
}

// The right token does not help a page of somebody else.
TEST(RefuseForged, AForeignPageIsRefusedWithTheTokenToo) {
  const NamedValue foreign = {"origin", "https://evil.example"};
  const NamedValue own = {"origin", "https://tocsin.example"};
  EXPECT_EQ(verdict(signed_in(), "POST", {{"x-csrf-token", "right"}, foreign}), "origin");
  EXPECT_EQ(verdict(signed_in(), "POST", {{"x-csrf-token", "right"}, own}), "go on");
  EXPECT_EQ(verdict(signed_in(), "GET", {foreign}), "go on");
}

// Without any credentials there is one thing to steal: somebody's page could sign you in as them.
TEST(RefuseForged, AForeignPageSignsNobodyIn) {
  EXPECT_EQ(verdict({}, "POST", {{"origin", "https://evil.example"}}), "origin");
  EXPECT_EQ(verdict({}, "POST", {{"origin", "null"}}), "origin");
  EXPECT_EQ(verdict({}, "POST", {{"origin", "https://tocsin.example"}}), "go on");
  EXPECT_EQ(verdict({}, "POST", {}), "go on");
}

// No browser adds these by itself.
TEST(RefuseForged, TokensAndTheLocalSocketNeedNoSign) {
  const Caller token{.scope = Scope::write, .id = "t", .name = "ci"};
  const Caller local{.scope = Scope::admin, .id = "local", .is_local_socket = true};
  EXPECT_EQ(verdict(token, "POST", {{"origin", "https://evil.example"}}), "go on");
  EXPECT_EQ(verdict(local, "DELETE", {{"origin", "null"}}), "go on");
}

}  // namespace
}  // namespace tocsin
