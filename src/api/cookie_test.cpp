#include "api/cookie.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// The header as browsers and proxies write it, one case a line.
TEST(CookieValue, FindsTheNameAmongOthers) {
  struct Case {
    const char* header;
    const char* value;
  };
  for (const Case& one : {
           Case{"__Host-tocsin=abc", "abc"},
           Case{"a=1; __Host-tocsin=abc; b=2", "abc"},
           Case{"a=1;__Host-tocsin=abc;b=2", "abc"},
           Case{"  __Host-tocsin = abc \t", "abc"},
           Case{"__Host-tocsin=a=b", "a=b"},
           Case{";;__Host-tocsin=abc;", "abc"},
           Case{"", ""},
           Case{"__Host-tocsin", ""},
           Case{"__Host-tocsin=", ""},
           Case{"__host-tocsin=abc", ""},
           Case{"x__Host-tocsin=abc", ""},
           Case{"__Host-tocsinx=abc", ""},
           Case{"a=__Host-tocsin=abc", ""},
       }) {
    EXPECT_EQ(cookie_value(one.header, kSessionCookie), one.value) << one.header;
  }
}

// Somebody else put a second one there: which one is ours cannot be told, so none is.
TEST(CookieValue, OfTwoTakesNone) {
  EXPECT_EQ(cookie_value("__Host-tocsin=abc; __Host-tocsin=def", kSessionCookie), "");
  EXPECT_EQ(cookie_value("__Host-tocsin=; __Host-tocsin=def", kSessionCookie), "");
}

// Each attribute is a promise of the threat model (T16); a changed one is a decision, not a slip.
TEST(SessionCookie, HasExactlyTheseAttributes) {
  EXPECT_EQ(session_cookie("abc"),
            "__Host-tocsin=abc; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict");
  EXPECT_EQ(cleared_session_cookie(),
            "__Host-tocsin=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict");
}

}  // namespace
}  // namespace tocsin
