#include "api/password_rules.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// Length alone: no rule about kinds of characters, and any byte will do.
TEST(PasswordRules, TenTo1024Bytes) {
  EXPECT_TRUE(password_problem(""));
  EXPECT_EQ(password_problem("123456789"), "A password has 10 to 1024 bytes; this one has 9.");
  EXPECT_FALSE(password_problem("1234567890"));
  EXPECT_FALSE(password_problem("aaaaaaaaaa"));
  EXPECT_FALSE(password_problem("correct horse battery staple"));
  EXPECT_FALSE(password_problem(std::string("\0\0\0\0\0\0\0\0\0\0", 10)));
  EXPECT_FALSE(password_problem(std::string(1024, 'x')));
  EXPECT_TRUE(password_problem(std::string(1025, 'x')));
}

TEST(PasswordRules, UserNameIsALineThatCanStandInAnAddress) {
  for (const char* fit : {"a", "ann", "Ann Example", "ann@example.com", "Jörg", "a.b", "..a"}) {
    EXPECT_FALSE(user_name_problem(fit)) << fit;
  }
  for (const char* unfit : {"", ".", "..", " ann", "ann ", "a\nb", "a\x7f", "\xff"}) {
    EXPECT_TRUE(user_name_problem(unfit)) << unfit;
  }
  EXPECT_FALSE(user_name_problem(std::string(100, 'a')));
  EXPECT_TRUE(user_name_problem(std::string(101, 'a')));
}

}  // namespace
}  // namespace tocsin
