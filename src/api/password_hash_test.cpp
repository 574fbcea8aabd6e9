#include "api/password_hash.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr PasswordCost kCheap{.passes = 1, .memory_bytes = 8192};

// What is stored says its own parameters, never less than OWASP's for argon2id (T18).
TEST(PasswordHasher, StoresArgon2idAtItsCost) {
  const auto hash = PasswordHasher().hash("correct horse");
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *hash;
}

TEST(PasswordHasher, KnowsTheRightPassword) {
  const PasswordHasher hasher(kCheap);
  const auto hash = hasher.hash("correct horse");
  const auto again = hasher.hash("correct horse");
  ASSERT_TRUE(hash && again);
  EXPECT_NE(*hash, *again) << "each has a salt of its own";
  EXPECT_TRUE(hasher.check(*hash, "correct horse").is_right);
  EXPECT_EQ(hasher.check(*hash, "correct horse").renewed_hash, "");
  EXPECT_FALSE(hasher.check(*hash, "correct horse ").is_right);
  EXPECT_FALSE(hasher.check(*hash, "").is_right);
  EXPECT_FALSE(hasher.check("", "").is_right);
  EXPECT_FALSE(hasher.check("no hash at all", "correct horse").is_right);
  EXPECT_FALSE(hasher.check(std::string(1000, 'x'), "correct horse").is_right);
}

// A password may hold a zero byte: what stands behind it counts too.
TEST(PasswordHasher, HashesEveryByte) {
  const PasswordHasher hasher(kCheap);
  const auto hash = hasher.hash(std::string("ten bytes\0a", 11));
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hasher.check(*hash, std::string("ten bytes\0a", 11)).is_right);
  EXPECT_FALSE(hasher.check(*hash, std::string("ten bytes\0b", 11)).is_right);
}

// The parameters rise in a later version: whoever signs in gets a hash at the new cost, of the same
// password; who mistypes does not.
TEST(PasswordHasher, RenewsACheaperHashWhenThePasswordIsRight) {
  const auto old = PasswordHasher(kCheap).hash("correct horse");
  ASSERT_TRUE(old);
  const PasswordHasher dearer({.passes = 2, .memory_bytes = 16384});
  const PasswordVerdict right = dearer.check(*old, "correct horse");
  EXPECT_TRUE(right.is_right);
  EXPECT_TRUE(right.renewed_hash.starts_with("$argon2id$v=19$m=16,t=2,p=1$"));
  EXPECT_TRUE(dearer.check(right.renewed_hash, "correct horse").is_right);
  EXPECT_EQ(dearer.check(right.renewed_hash, "correct horse").renewed_hash, "");
  EXPECT_EQ(dearer.check(*old, "wrong").renewed_hash, "");
}

// Without a user the work is done against a hash that nobody knows a password of.
TEST(PasswordHasher, NobodyHasNoPassword) {
  const PasswordHasher hasher(kCheap);
  EXPECT_FALSE(hasher.check(std::nullopt, "").is_right);
  EXPECT_FALSE(hasher.check(std::nullopt, "nobody knows this one").is_right);
}

}  // namespace
}  // namespace tocsin
