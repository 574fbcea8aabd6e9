#include "core/number_text.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin {
namespace {

// What a protocol may print as a number, and what only looks like one.
TEST(NumberText, WhatIsANumber) {
  for (const char* text : {"0", "-1", "42", "1.5", "-0.25", "1e3", "2E-2", " 7\r\n", "007",
                           "123456789012345678901234567890"}) {
    EXPECT_TRUE(is_number(text)) << text;
  }
  for (const char* text :
       {"", " ", "-", ".5", "+1", "0x10", "inf", "-nan", "1.2.3", "1 2", "5ms", "1e999"}) {
    EXPECT_FALSE(is_number(text)) << text;
  }
}

TEST(NumberText, ComparesValuesNotSpellings) {
  EXPECT_TRUE(std::is_eq(*compare_numbers("1.0", "1")));
  EXPECT_TRUE(std::is_eq(*compare_numbers("007", "7")));
  EXPECT_TRUE(std::is_eq(*compare_numbers("-0", "0")));
  EXPECT_TRUE(std::is_lt(*compare_numbers("9", "10"))) << "not as texts";
  EXPECT_TRUE(std::is_lt(*compare_numbers("-10", "-9")));
  EXPECT_TRUE(std::is_gt(*compare_numbers("1", "-1")));
  EXPECT_TRUE(std::is_gt(*compare_numbers("1.5", "1")));
  EXPECT_FALSE(compare_numbers("a", "1"));
  EXPECT_FALSE(compare_numbers("1", ""));
}

// Counters and ids go beyond what a double holds exactly.
TEST(NumberText, LongWholeNumbersAreExact) {
  EXPECT_TRUE(std::is_lt(*compare_numbers("9007199254740992", "9007199254740993")));
  EXPECT_TRUE(std::is_gt(
      *compare_numbers("100000000000000000000000000001", "100000000000000000000000000000")));
}

}  // namespace
}  // namespace tocsin
