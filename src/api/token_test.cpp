#include "api/token.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// The format is API: scanners for leaked secrets and people's own checks rest on it.
TEST(Token, HasPrefixSecretAndChecksum) {
  const std::string token = token_text({});
  EXPECT_EQ(token.size(), kTokenBytes);
  EXPECT_EQ(token.substr(0, 50), "tocsin_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  EXPECT_TRUE(is_token_text(token));
}

// A made token is one, and never the same twice.
TEST(Token, IsRandom) {
  const auto one = make_token();
  const auto other = make_token();
  ASSERT_TRUE(one && other);
  EXPECT_TRUE(is_token_text(*one));
  EXPECT_NE(*one, *other);
}

// Any single mistyped character is found without asking the store, the unused bits of the last one
// included.
TEST(Token, ChecksumFindsEveryMistypedCharacter) {
  std::array<uint8_t, 32> random{};
  for (size_t i = 0; i < random.size(); ++i) {
    random[i] = static_cast<uint8_t>(i * 37 + 11);
  }
  const std::string token = token_text(random);
  for (size_t i = 0; i < token.size(); ++i) {
    for (const char c : std::string_view("AZaz09-_+/= \n")) {
      std::string wrong = token;
      wrong[i] = c;
      EXPECT_EQ(is_token_text(wrong), wrong == token) << wrong;
    }
  }
  EXPECT_FALSE(is_token_text(token.substr(0, token.size() - 1)));
  EXPECT_FALSE(is_token_text(token + "A"));
  EXPECT_FALSE(is_token_text(""));
}

// What is stored is the plain SHA-256 of the whole text; the id is its beginning.
TEST(Token, HashIsSha256OfTheText) {
  EXPECT_EQ(token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(token_id(token_hash("abc")), "ba7816bf8f01");
}

TEST(Token, SameSecretComparesContentAndLength) {
  EXPECT_TRUE(same_secret("abc", "abc"));
  EXPECT_FALSE(same_secret("abc", "abd"));
  EXPECT_FALSE(same_secret("abc", "ab"));
  EXPECT_TRUE(same_secret("", ""));
}

}  // namespace
}  // namespace tocsin
