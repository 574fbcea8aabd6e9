#include "api/secret_text.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// RFC 4648 section 10, in the alphabet of section 5.
TEST(SecretText, Base64urlHasNoPaddingAndNoSlash) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url("\xfb\xff"), "-_8");
}

TEST(SecretText, IsRandom) {
  const auto one = make_secret_text();
  const auto other = make_secret_text();
  ASSERT_TRUE(one && other);
  EXPECT_TRUE(is_secret_text(*one)) << *one;
  EXPECT_NE(*one, *other);
}

// What cannot be one is not looked up.
TEST(SecretText, KnowsItsForm) {
  const std::string fit(43, 'a');
  EXPECT_TRUE(is_secret_text(fit));
  EXPECT_FALSE(is_secret_text(fit + "a"));
  EXPECT_FALSE(is_secret_text(fit.substr(1)));
  EXPECT_FALSE(is_secret_text("\"" + fit.substr(1)));
  EXPECT_FALSE(is_secret_text(""));
}

}  // namespace
}  // namespace tocsin
