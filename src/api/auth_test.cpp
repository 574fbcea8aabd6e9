#include "api/auth.h"

#include <gtest/gtest.h>

#include "api/token.h"

namespace tocsin {
namespace {

constexpr SystemTime kNow{1'700'000'000s};

struct KnownToken {
  std::string text;
  TokenRow row;
};

KnownToken token_of(uint8_t seed, const std::string& scope) {
  std::array<uint8_t, 32> random{};
  random.fill(seed);
  const std::string text = token_text(random);
  const std::string hash = token_hash(text);
  return {text, {.id = token_id(hash), .hash = hash, .scope = scope, .name = "token " + scope}};
}

ApiRequest with_header(std::string value) {
  return {.headers = {{"authorization", std::move(value)}}};
}

// The whole of it: a token that was stored says who is asking and what they may do.
TEST(Authenticator, KnowsTheCallerOfAStoredToken) {
  const KnownToken known = token_of(1, "write");
  Authenticator tokens;
  tokens.set_tokens({token_of(2, "read").row, known.row});
  const auto caller = tokens.identify(with_header("Bearer " + known.text), kNow);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->scope, Scope::write);
  EXPECT_EQ(caller->name, "token write");
  EXPECT_EQ(caller->id, known.row.id);
  EXPECT_FALSE(caller->is_local_socket);
}

// RFC 9110: the name of a scheme is not case-sensitive.
TEST(Authenticator, TakesTheSchemeInAnyCase) {
  const KnownToken known = token_of(1, "read");
  Authenticator tokens;
  tokens.set_tokens({known.row});
  EXPECT_TRUE(tokens.identify(with_header("bEARER " + known.text), kNow));
}

// No header is no mistake: open paths need none. The scope check says 401 where one is needed.
TEST(Authenticator, WithoutAHeaderNobodyIsAsking) {
  const auto caller = Authenticator().identify({}, kNow);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->scope, Scope::none);
}

// Whatever is wrong with credentials, the answer is the same, so that it tells nothing of which
// tokens exist.
TEST(Authenticator, RefusesAllWrongCredentialsAlike) {
  const KnownToken known = token_of(1, "admin");
  const KnownToken never_stored = token_of(9, "admin");
  KnownToken revoked = token_of(3, "admin");
  revoked.row.revoked = true;
  KnownToken odd_scope = token_of(4, "root");
  Authenticator tokens;
  tokens.set_tokens({known.row, revoked.row, odd_scope.row});
  for (const std::string& header :
       {"Bearer " + never_stored.text, "Bearer " + revoked.text, "Bearer " + odd_scope.text,
        "Bearer " + known.text + "x", "Bearer  " + known.text, "Basic " + known.text, known.text,
        std::string("Bearer "), std::string("Bearer")}) {
    const auto caller = tokens.identify(with_header(header), kNow);
    ASSERT_FALSE(caller) << header;
    EXPECT_EQ(caller.error().status, 401);
    EXPECT_EQ(caller.error().detail,
              "The Authorization header holds no valid token: it must be \"Bearer tocsin_...\".");
    ASSERT_EQ(caller.error().headers.size(), 1u);
    EXPECT_EQ(caller.error().headers[0].second, "Bearer realm=\"tocsin\", error=\"invalid_token\"");
  }
}

// A token is good from the moment it is durable, without a restart.
TEST(Authenticator, KnowsAnAddedToken) {
  const KnownToken known = token_of(5, "read");
  Authenticator tokens;
  EXPECT_FALSE(tokens.identify(with_header("Bearer " + known.text), kNow));
  tokens.add_token(known.row);
  EXPECT_TRUE(tokens.identify(with_header("Bearer " + known.text), kNow));
}

// Refused from the next request on, wherever it stands among the others.
TEST(Authenticator, ForgetsARevokedToken) {
  const KnownToken one = token_of(5, "read");
  const KnownToken other = token_of(6, "read");
  Authenticator tokens;
  tokens.set_tokens({one.row, other.row});
  tokens.revoke_token(one.row.id);
  EXPECT_FALSE(tokens.identify(with_header("Bearer " + one.text), kNow));
  EXPECT_TRUE(tokens.identify(with_header("Bearer " + other.text), kNow));
}

// Somebody who is signed in is known by name, and by the token that their page must bring along.
TEST(Authenticator, KnowsWhoIsSignedIn) {
  const std::string id(43, 'a');
  Authenticator gate;
  gate.sessions().apply(
      {{.hash = session_hash(id), .user = "ann", .created = kNow, .last_used = kNow}});
  ApiRequest request{.headers = {{"cookie", "__Host-tocsin=" + id}}};
  const auto caller = gate.identify(request, kNow);
  ASSERT_TRUE(caller && caller->session);
  EXPECT_EQ(caller->scope, Scope::admin);
  EXPECT_EQ(caller->id + "/" + caller->name, "user ann/ann");
  EXPECT_EQ(caller->session->csrf_token, csrf_token_of(id));
  EXPECT_EQ(caller->session->expires, kNow + 7 * 24h);
  const auto too_late = gate.identify(request, kNow + 7 * 24h);
  ASSERT_TRUE(too_late);
  EXPECT_EQ(too_late->scope, Scope::none);
  // What a program says of itself counts, not what its cookie jar adds.
  const KnownToken known = token_of(5, "read");
  gate.set_tokens({known.row});
  request.headers.emplace_back("authorization", "Bearer " + known.text);
  EXPECT_EQ(gate.identify(request, kNow)->scope, Scope::read);
  EXPECT_FALSE(gate.identify(request, kNow)->session);
}

// The CLI on this machine needs no token: the server has checked the uid of its socket.
TEST(Authenticator, TheLocalSocketIsAdmin) {
  const auto caller = Authenticator().identify({.local_user = 1000}, kNow);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->scope, Scope::admin);
  EXPECT_EQ(caller->name, "local user 1000");
  EXPECT_TRUE(caller->is_local_socket);
}

}  // namespace
}  // namespace tocsin
