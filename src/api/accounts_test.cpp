// Set-up, signing in and out, passwords, users and tokens, through the gate and down to the store:
// exact bodies, exact cookies, and what one of them does to the others.
#include <gtest/gtest.h>

#include "api/accounts_fixture.h"
#include "api/cookie.h"
#include "api/secret_text.h"

namespace tocsin {
namespace {

using fixtures::AccountsClock;
using fixtures::AccountsServer;

constexpr const char* kPassword = "correct horse";

std::string header_of(const ApiResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

std::string text_field(const std::string& body, const std::string& name) {
  const std::string begin = "\"" + name + "\":\"";
  const size_t at = body.find(begin);
  const size_t from = at == std::string::npos ? body.size() : at + begin.size();
  return body.substr(from, body.find('"', from) - from);
}

// A browser: it keeps the cookie, and the token that its page was given.
struct Browser {
  std::string cookie = {}, csrf = {};
  const char* address = "192.0.2.1";

  [[nodiscard]] ApiRequest request(std::string method, std::string target,
                                   std::string body = {}) const {
    ApiRequest made{.method = std::move(method), .target = std::move(target)};
    made.body = std::move(body);
    made.peer = {.ip = *IpAddress::parse(address), .port = 4321};
    if (!cookie.empty()) {
      made.headers.emplace_back("cookie", "theme=dark; " + cookie);
    }
    if (!csrf.empty()) {
      made.headers.emplace_back("x-csrf-token", csrf);
    }
    return made;
  }
  void take(const ApiResponse& response) {
    const std::string set = header_of(response, "Set-Cookie");
    cookie = set.substr(0, set.find(';'));
    csrf = text_field(response.body, "csrf_token");
  }
};

class AccountsTest : public testing::Test {
 protected:
  void restart() {
    server_.reset();
    server_ = std::make_unique<AccountsServer>(folder_.path(), clock_);
  }
  void SetUp() override { restart(); }

  ApiResponse ask(const Browser& who, std::string method, std::string target,
                  std::string body = {}) {
    return server_->ask(who.request(std::move(method), std::move(target), std::move(body)));
  }
  ApiResponse ask_locally(std::string method, std::string target, std::string body = {}) {
    return server_->ask({.method = std::move(method),
                         .target = std::move(target),
                         .body = std::move(body),
                         .local_user = 1000});
  }
  static std::string setup_body(const std::string& token) {
    return R"({"setup_token":")" + token + R"(","user":"ann","password":"correct horse"})";
  }
  static std::string login_body(const std::string& user, const std::string& password) {
    return R"({"user":")" + user + R"(","password":")" + password + "\"}";
  }
  // The first user, signed in.
  Browser set_up() {
    Browser browser;
    const ApiResponse made = ask(browser, "POST", "/api/v1/setup", setup_body("the set-up token"));
    EXPECT_EQ(made.status, 201) << made.body;
    browser.take(made);
    return browser;
  }
  Browser sign_in(const std::string& password = kPassword) {
    Browser browser;
    const ApiResponse in = ask(browser, "POST", "/api/v1/session", login_body("ann", password));
    EXPECT_EQ(in.status, 200) << in.body;
    browser.take(in);
    return browser;
  }
  int who_am_i(const Browser& browser) { return ask(browser, "GET", "/api/v1/session").status; }

  ScratchFolder folder_;
  AccountsClock clock_;
  std::unique_ptr<AccountsServer> server_;
};

// --- set-up

TEST_F(AccountsTest, SetupIsOpenUntilThereIsAUserAndThenNeverAgain) {
  EXPECT_EQ(ask({}, "GET", "/api/v1/setup").body, R"({"open":true})");
  set_up();
  for (int start = 0; start < 2; ++start) {
    EXPECT_EQ(ask({}, "GET", "/api/v1/setup").body, R"({"open":false})");
    const ApiResponse again = ask({}, "POST", "/api/v1/setup", setup_body("the set-up token"));
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(text_field(again.body, "code"), "setup_closed");
    restart();
  }
}

// The answer is a session: who set the server up is signed in. Body and cookie, byte by byte.
TEST_F(AccountsTest, SetupAnswersWithASession) {
  Browser browser;
  const ApiResponse made = ask(browser, "POST", "/api/v1/setup", setup_body("the set-up token"));
  browser.take(made);
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body, R"({"user":{"name":"ann"},"scope":"admin","csrf_token":")" + browser.csrf +
                           R"(","expires":"2026-11-28T14:00:00.000Z"})");
  const std::string id = browser.cookie.substr(kSessionCookie.size() + 1);
  EXPECT_TRUE(is_secret_text(id)) << id;
  EXPECT_TRUE(is_secret_text(browser.csrf)) << browser.csrf;
  EXPECT_NE(id, browser.csrf);
  EXPECT_EQ(header_of(made, "Set-Cookie"),
            "__Host-tocsin=" + id + "; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict");
  EXPECT_EQ(who_am_i(browser), 200);
}

TEST_F(AccountsTest, SetupNeedsItsTokenAndAFitUser) {
  for (const char* token : {"", "the set-up tokem", "tocsin_x"}) {
    const ApiResponse refused = ask({}, "POST", "/api/v1/setup", setup_body(token));
    EXPECT_EQ(refused.status, 403) << token;
    EXPECT_EQ(text_field(refused.body, "code"), "bad_setup_token");
  }
  const ApiResponse unfit =
      ask({}, "POST", "/api/v1/setup",
          R"({"setup_token":"the set-up token","user":" ","password":"short"})");
  EXPECT_EQ(unfit.status, 422);
  EXPECT_NE(unfit.body.find(R"("pointer":"/user")"), std::string::npos) << unfit.body;
  EXPECT_NE(unfit.body.find("A password has 10 to 1024 bytes; this one has 5."), std::string::npos);
  EXPECT_EQ(ask({}, "GET", "/api/v1/setup").body, R"({"open":true})");
}

// Who starts the server as a service sees no output of it: the machine's own administrator asks for
// the link. A token does not do, and there is none to give once somebody can sign in.
TEST_F(AccountsTest, TheSetupLinkIsForTheMachineItselfAndWhileSetupIsOpen) {
  const ApiResponse given = ask_locally("GET", "/api/v1/setup/link");
  EXPECT_EQ(given.status, 200) << given.body;
  EXPECT_TRUE(text_field(given.body, "link").ends_with("/#/setup/the set-up token")) << given.body;
  server_->leave_out_pages();
  const ApiResponse without = ask_locally("GET", "/api/v1/setup/link");
  EXPECT_EQ(text_field(without.body, "code"), "no_pages") << without.body;
  EXPECT_NE(without.body.find("tocsin user create NAME --data"), std::string::npos) << without.body;
  const Browser mine = set_up();
  EXPECT_EQ(ask(mine, "GET", "/api/v1/setup/link").status, 403);
  const ApiResponse late = ask_locally("GET", "/api/v1/setup/link");
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(text_field(late.body, "code"), "setup_closed");
  EXPECT_EQ(late.body.find("the set-up token"), std::string::npos);
}

// Two browsers at once: one user is made, and the other one is told.
TEST_F(AccountsTest, OfTwoSetupsAtOnceOneWins) {
  const Browser browser;
  const auto body = [](const std::string& name) {
    return R"({"setup_token":"the set-up token","user":")" + name +
           R"(","password":"correct horse"})";
  };
  const auto first = server_->begin(browser.request("POST", "/api/v1/setup", body("ann")));
  const auto second = server_->begin(browser.request("POST", "/api/v1/setup", body("bob")));
  EXPECT_EQ(server_->answer_of(second).status, 409);
  EXPECT_EQ(server_->answer_of(first).status, 201);
  EXPECT_EQ(server_->api().accounts.find("bob"), nullptr);
}

// The engine takes no more requests: nothing has happened, here as little as in the store.
TEST_F(AccountsTest, ABusyServerChangesNothing) {
  const auto status = [&](const Browser& who, const char* method, const char* target,
                          const std::string& body) {
    return server_->ask_while_busy(who.request(method, target, body)).status;
  };
  EXPECT_EQ(status({}, "POST", "/api/v1/setup", setup_body("the set-up token")), 503);
  EXPECT_EQ(ask({}, "GET", "/api/v1/setup").body, R"({"open":true})");
  EXPECT_TRUE(server_->api().accounts.empty());

  const Browser mine = set_up();
  const std::string change = R"({"current":"correct horse","new":"battery staple"})";
  EXPECT_EQ(status({}, "POST", "/api/v1/session", login_body("ann", kPassword)), 503);
  EXPECT_EQ(status(mine, "POST", "/api/v1/password", change), 503);
  EXPECT_EQ(status(mine, "DELETE", "/api/v1/session", ""), 503);
  EXPECT_EQ(server_->api().tokens.sessions().size(), 1U);
  EXPECT_EQ(who_am_i(mine), 200);
  sign_in();
}

// --- signing in

TEST_F(AccountsTest, SignsInAndOut) {
  set_up();
  Browser browser;
  const ApiResponse in = ask(browser, "POST", "/api/v1/session", login_body("ann", kPassword));
  browser.take(in);
  EXPECT_EQ(in.status, 200);
  const std::string body = R"({"user":{"name":"ann"},"scope":"admin","csrf_token":")" +
                           browser.csrf + R"(","expires":"2026-11-28T14:00:00.000Z"})";
  EXPECT_EQ(in.body, body);
  EXPECT_EQ(ask(browser, "GET", "/api/v1/session").body, body);
  EXPECT_EQ(ask(browser, "GET", "/api/v1/tokens").status, 200) << "a user has scope admin";

  const ApiResponse out = ask(browser, "DELETE", "/api/v1/session");
  EXPECT_EQ(out.status, 204);
  EXPECT_EQ(out.body, "");
  EXPECT_EQ(header_of(out, "Set-Cookie"),
            "__Host-tocsin=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict");
  EXPECT_EQ(who_am_i(browser), 401);
  restart();
  EXPECT_EQ(who_am_i(browser), 401);
  EXPECT_EQ(ask({}, "DELETE", "/api/v1/session").status, 204) << "nobody to sign out is no error";
}

// A restart signs nobody out; time does.
TEST_F(AccountsTest, ASessionOutlivesARestartButNotItsTime) {
  const Browser browser = set_up();
  restart();
  EXPECT_EQ(who_am_i(browser), 200);
  clock_.move(7 * 24h);
  EXPECT_EQ(who_am_i(browser), 401);
}

TEST_F(AccountsTest, EachSignInIsANewSessionAndReplacesItsOwn) {
  const Browser first = set_up();
  const Browser second = sign_in();
  EXPECT_NE(first.cookie, second.cookie);
  EXPECT_NE(first.csrf, second.csrf);
  Browser third = first;
  third.take(ask(first, "POST", "/api/v1/session", login_body("ann", kPassword)));
  EXPECT_EQ(who_am_i(first), 401) << "the browser has another one now";
  EXPECT_EQ(who_am_i(second), 200);
  EXPECT_EQ(who_am_i(third), 200);
}

// Nothing in the answer says which of the two it was.
TEST_F(AccountsTest, UnknownUserAndWrongPasswordAreAnsweredAlike) {
  set_up();
  const ApiResponse wrong = ask({}, "POST", "/api/v1/session", login_body("ann", "wrong"));
  const ApiResponse nobody = ask({}, "POST", "/api/v1/session", login_body("bob", kPassword));
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, nobody.body);
  EXPECT_EQ(wrong.headers, nobody.headers);
  EXPECT_EQ(wrong.body,
            R"({"type":"urn:tocsin:problem:bad_login","title":"Unauthorized","status":401,)"
            R"("detail":"There is no such user, or the password is another one.",)"
            R"("code":"bad_login","request_id":"r1"})");
}

TEST_F(AccountsTest, TheSixthWrongPasswordWaits) {
  set_up();
  const Browser here;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(ask(here, "POST", "/api/v1/session", login_body("ann", "wrong")).status, 401);
  }
  const ApiResponse refused = ask(here, "POST", "/api/v1/session", login_body("ann", kPassword));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(text_field(refused.body, "code"), "too_many_attempts");
  EXPECT_EQ(header_of(refused, "Retry-After"), "900");
  const Browser elsewhere{.address = "192.0.2.2"};
  EXPECT_EQ(ask(elsewhere, "POST", "/api/v1/session", login_body("ann", kPassword)).status, 200);
  clock_.move(15min);
  EXPECT_EQ(ask(here, "POST", "/api/v1/session", login_body("ann", kPassword)).status, 200);
}

// As many as the worker takes at once, and more: the limiter counts them as they come, so nobody
// gets a burst of guesses, and who is refused for want of place may try again.
TEST_F(AccountsTest, ABurstIsLimitedToo) {
  set_up();
  const Browser browser;
  constexpr size_t kBurst = 40;
  std::vector<std::shared_ptr<std::optional<ApiResponse>>> waiting;
  waiting.reserve(kBurst);
  for (size_t i = 0; i < kBurst; ++i) {
    waiting.push_back(
        server_->begin(browser.request("POST", "/api/v1/session", login_body("ann", "wrong"))));
  }
  int looked_at = 0;
  for (const auto& one : waiting) {
    looked_at += server_->answer_of(one).status == 401 ? 1 : 0;
  }
  EXPECT_EQ(looked_at, 5);
}

// Parameters rose since the hash was made: signing in renews it, once.
TEST_F(AccountsTest, SigningInRenewsACheapHash) {
  set_up();
  UserRow row = *server_->api().accounts.find("ann");
  row.password_hash = *PasswordHasher({.passes = 1, .memory_bytes = 16384}).hash(kPassword);
  server_->api().accounts.put(row);
  sign_in();
  const std::string renewed = server_->api().accounts.find("ann")->password_hash;
  EXPECT_NE(renewed, row.password_hash);
  EXPECT_TRUE(renewed.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << renewed;
  sign_in();
  EXPECT_EQ(server_->api().accounts.find("ann")->password_hash, renewed);
  restart();
  EXPECT_EQ(server_->api().accounts.find("ann")->password_hash, renewed);
}

// --- what a cookie may do

TEST_F(AccountsTest, ACookieWithoutItsTokenChangesNothing) {
  Browser browser = set_up();
  browser.csrf.clear();
  EXPECT_EQ(who_am_i(browser), 200);
  const ApiResponse refused = ask(browser, "DELETE", "/api/v1/session");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(text_field(refused.body, "code"), "csrf");
  EXPECT_EQ(who_am_i(browser), 200);
}

// A cookie that is no good must not be in the way of signing in again.
TEST_F(AccountsTest, ABadCookieIsNone) {
  set_up();
  for (const std::string& value :
       {std::string(43, 'a'), std::string(), std::string("x"), std::string(5000, 'a')}) {
    Browser browser{.cookie = std::string(kSessionCookie) + "=" + value};
    EXPECT_EQ(who_am_i(browser), 401);
    EXPECT_EQ(ask(browser, "POST", "/api/v1/session", login_body("ann", kPassword)).status, 200);
  }
}

TEST_F(AccountsTest, TwoCookiesOfTheNameAreNone) {
  const Browser browser = set_up();
  ApiRequest request = browser.request("GET", "/api/v1/session");
  request.headers.emplace_back("cookie", browser.cookie);
  EXPECT_EQ(server_->ask(request).status, 401);
}

// --- passwords

TEST_F(AccountsTest, ChangingThePasswordEndsTheOtherSessions) {
  const Browser mine = set_up();
  const Browser other = sign_in();
  const auto change = [&](const std::string& current, const std::string& wanted) {
    return ask(mine, "POST", "/api/v1/password",
               R"({"current":")" + current + R"(","new":")" + wanted + "\"}");
  };
  const ApiResponse wrong = change("wrong", "battery staple");
  EXPECT_EQ(wrong.status, 403);
  EXPECT_EQ(text_field(wrong.body, "code"), "bad_password");
  EXPECT_EQ(change(kPassword, "short").status, 422);
  EXPECT_EQ(who_am_i(other), 200);

  EXPECT_EQ(change(kPassword, "battery staple").status, 204);
  EXPECT_EQ(who_am_i(other), 401);
  EXPECT_EQ(who_am_i(mine), 200);
  restart();
  EXPECT_EQ(who_am_i(other), 401);
  EXPECT_EQ(who_am_i(mine), 200);
  EXPECT_EQ(ask({}, "POST", "/api/v1/session", login_body("ann", kPassword)).status, 401);
  sign_in("battery staple");
}

// A sign-in that was being looked at while the password changed was a look at the old one.
TEST_F(AccountsTest, ASignInThatTheChangeOvertookIsRefused) {
  set_up();
  const auto in =
      server_->begin(Browser().request("POST", "/api/v1/session", login_body("ann", kPassword)));
  UserRow row = *server_->api().accounts.find("ann");
  row.password_hash = *server_->api().accounts.hasher.hash("battery staple");
  server_->api().accounts.put(row);
  EXPECT_EQ(server_->answer_of(in).status, 401);
}

TEST_F(AccountsTest, ATokenHasNoPassword) {
  const ApiResponse refused =
      ask_locally("POST", "/api/v1/password", R"({"current":"a","new":"correct horse"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(text_field(refused.body, "code"), "forbidden");
}

// --- users, from the machine itself

TEST_F(AccountsTest, TheMachineItselfMakesUsersAndSetsPasswords) {
  const ApiResponse made = ask_locally("POST", "/api/v1/users", login_body("ann", kPassword));
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body, R"({"name":"ann","created":"2026-11-21T14:00:00.000Z",)"
                       R"("password_changed":"2026-11-21T14:00:00.000Z"})");
  EXPECT_EQ(ask({}, "GET", "/api/v1/setup").body, R"({"open":false})");
  EXPECT_EQ(ask_locally("POST", "/api/v1/users", login_body("ann", kPassword)).status, 409);
  const Browser browser = sign_in();

  const std::string set = R"({"password":"battery staple"})";
  EXPECT_EQ(ask_locally("PUT", "/api/v1/users/bob/password", set).status, 404);
  EXPECT_EQ(ask_locally("PUT", "/api/v1/users/ann/password", R"({"password":"x"})").status, 422);
  EXPECT_EQ(ask_locally("PUT", "/api/v1/users/ann/password", set).status, 204);
  EXPECT_EQ(who_am_i(browser), 401) << "who lost a password may have lost a device";
  restart();
  sign_in("battery staple");
}

// Not even an admin's token or session: with a stolen one, nobody keeps the server.
TEST_F(AccountsTest, NobodyElseMakesUsers) {
  const Browser browser = set_up();
  EXPECT_EQ(ask(browser, "POST", "/api/v1/users", login_body("bob", kPassword)).status, 403);
  EXPECT_EQ(
      ask(browser, "PUT", "/api/v1/users/ann/password", R"({"password":"battery staple"})").status,
      403);
}

// --- tokens

TEST_F(AccountsTest, TokensAreListedAndRevoked) {
  EXPECT_EQ(ask_locally("GET", "/api/v1/tokens").body, R"({"data":[],"next_cursor":null})");
  const ApiResponse made = ask_locally("POST", "/api/v1/tokens", R"({"scope":"read","name":"ci"})");
  ASSERT_EQ(made.status, 201);
  const std::string id = text_field(made.body, "id");
  const auto list = [&id](const char* revoked) {
    return R"({"data":[{"id":")" + id +
           R"(","name":"ci","scope":"read","created":"2026-11-21T14:00:00.000Z","revoked":)" +
           revoked + R"(}],"next_cursor":null})";
  };
  EXPECT_EQ(ask_locally("GET", "/api/v1/tokens").body, list("false"));
  const auto use = [&] {
    return server_
        ->ask({.method = "GET",
               .target = "/api/v1/version",
               .headers = {{"authorization", "Bearer " + text_field(made.body, "token")}}})
        .status;
  };
  EXPECT_EQ(use(), 200);
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(ask_locally("DELETE", "/api/v1/tokens/" + id).status, 204) << "twice is fine";
    EXPECT_EQ(use(), 401);
  }
  EXPECT_EQ(ask_locally("GET", "/api/v1/tokens").body, list("true"));
  EXPECT_EQ(ask_locally("DELETE", "/api/v1/tokens/0123456789ab").status, 404);
  restart();
  EXPECT_EQ(use(), 401);
}

}  // namespace
}  // namespace tocsin
