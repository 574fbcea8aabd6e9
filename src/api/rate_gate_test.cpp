#include "api/rate_gate.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr SteadyTime kStart{1h};

ApiRequest request_from(const char* address, Caller caller = {}, std::string target = "/api/v1/x") {
  ApiRequest request{.method = "GET", .target = std::move(target)};
  request.peer = {.ip = *IpAddress::parse(address), .port = 1};
  request.caller = std::move(caller);
  return request;
}

// Whose requests count together, and whose do not.
TEST(RateGate, CountsByCredential) {
  const Caller token{.scope = Scope::read, .id = "t1", .name = "T"};
  Caller session{.scope = Scope::admin, .id = "user ann", .name = "ann"};
  session.session = SignedIn{.user = "ann", .session_hash = "5e55", .csrf_token = ""};
  EXPECT_EQ(rate_key(request_from("192.0.2.1", token)), "token t1");
  EXPECT_EQ(rate_key(request_from("192.0.2.2", token)), "token t1");
  EXPECT_EQ(rate_key(request_from("192.0.2.1", session)), "session 5e55");
  EXPECT_EQ(rate_key(request_from("192.0.2.1")), "client 192.0.2.1");
  EXPECT_EQ(rate_key(request_from("2001:db8:0:1::7")), rate_key(request_from("2001:db8:0:1::8")));
  EXPECT_NE(rate_key(request_from("2001:db8:0:1::7")), rate_key(request_from("2001:db8:0:2::7")));
}

TEST(RateGate, OperatorAndWatchersAreFree) {
  ApiRequest local = request_from("192.0.2.1", {.scope = Scope::admin, .id = "local", .name = "l"});
  local.local_user = 0;
  EXPECT_EQ(rate_key(local), "");
  EXPECT_EQ(rate_key(request_from("192.0.2.1", {}, "/livez")), "");
  EXPECT_EQ(rate_key(request_from("192.0.2.1", {}, "/readyz?verbose")), "");
  EXPECT_NE(rate_key(request_from("192.0.2.1", {}, "/metrics")), "");
  RequestLimiter limiter({.per_second = 1, .burst = 1});
  for (int i = 0; i < 10; ++i) {
    const RateVerdict verdict = take_request(limiter, local, kStart);
    EXPECT_FALSE(verdict.refusal);
    EXPECT_TRUE(verdict.headers.empty());
  }
}

// The answer says how much is left, and the refusal when to come back.
TEST(RateGate, SaysWhatIsLeftAndWhenToComeBack) {
  RequestLimiter limiter({.per_second = 2, .burst = 3});
  const ApiRequest request = request_from("192.0.2.1");
  EXPECT_EQ(take_request(limiter, request, kStart).headers,
            (std::vector<NamedValue>{
                {"RateLimit-Limit", "3"}, {"RateLimit-Remaining", "2"}, {"RateLimit-Reset", "1"}}));
  take_request(limiter, request, kStart);
  EXPECT_FALSE(take_request(limiter, request, kStart).refusal);
  const RateVerdict refused = take_request(limiter, request, kStart);
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.refusal->status, 429);
  EXPECT_EQ(refused.refusal->code, "too_many_requests");
  EXPECT_EQ(refused.refusal->headers, (std::vector<NamedValue>{{"Retry-After", "1"}}));
  EXPECT_EQ(refused.refusal->detail,
            "More requests than this server takes from one address: try again in 1 s.");
  EXPECT_EQ(refused.headers[1].second, "0");
  EXPECT_EQ(refused.headers[2].second, "2");
  EXPECT_EQ(limiter.refused(), 1U);
}

}  // namespace
}  // namespace tocsin
