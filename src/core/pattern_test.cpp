#include "core/pattern.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"

namespace tocsin {
namespace {

TEST(Pattern, WorksOnBytes) {
  EXPECT_TRUE(
      Pattern::compile("^a.b$")->found_in("a\xff"
                                          "b"))
      << "'.' is any byte";
  EXPECT_TRUE(Pattern::compile("caf\xc3\xa9")->found_in("un caf\xc3\xa9")) << "UTF-8 as its bytes";
  EXPECT_TRUE(Pattern::compile("a\\x00b")->found_in(std::string("a\0b", 3)));
}

TEST(Pattern, FirstGroupTable) {
  EXPECT_EQ(Pattern::compile("n=(\\d+)")->first_group("n=1 n=2"), "1") << "the first match";
  EXPECT_EQ(Pattern::compile("n=\\d+")->first_group("n=1"), "n=1") << "no group: the whole match";
  EXPECT_EQ(Pattern::compile("n=(\\d*)")->first_group("n="), "") << "an empty group was found";
  EXPECT_FALSE(Pattern::compile("n=(\\d+)")->first_group("m=1"));
  EXPECT_FALSE(Pattern::compile("(a)|b")->first_group("b")) << "the group took no part";
  EXPECT_EQ(Pattern::compile("(a*)")->first_group({}), "") << "nothing at all can be matched";
}

// A pattern is a user's: its size and its memory are bounded, and it cannot be made slow.
TEST(Pattern, LimitsAreKept) {
  EXPECT_EQ(Pattern::compile(std::string(kPatternBytesMax + 1, 'x')).error().message,
            "the regular expression has 1025 bytes; at most 1024 are allowed");
  EXPECT_EQ(Pattern::compile("((a{100}){100}){100}").error().message,
            "\"((a{100}){100}){100}\" is not a regular expression: invalid repetition size: "
            "{100}");
  EXPECT_FALSE(Pattern::compile("^(a+)+$")->found_in(std::string(60000, 'a') + "!"));
}

// One look happens on the loop of all checks: what a definition may ask for is bounded by the size
// that it has written out, and what is stored already goes on.
TEST(Pattern, ADefinitionMayNotAskForHugeOnes) {
  EXPECT_TRUE(Pattern::check("[0-9a-f]{64}"));
  EXPECT_TRUE(Pattern::check("^[^\\n]{1,300}OK"));
  EXPECT_EQ(Pattern::check("(").error().message, Pattern::compile("(").error().message);
  EXPECT_EQ(Pattern::check("[^\\n]{1,500}OK").error().message,
            "\"[^\\n]{1,500}OK\" is too large a regular expression: written out it has 1505 "
            "steps, and 1000 are allowed; a repeat like x{500} is 500 of them");
  EXPECT_TRUE(Pattern::compile("[^\\n]{1,500}OK"));
}

struct EndRow {
  const char* pattern;
  bool depends;
};

TEST(Pattern, WhatLooksAtTheEnd) {
  for (const EndRow& row : {EndRow{"OK", false},
                            {"^OK", false},
                            {"OK$", true},
                            {"(?m)OK$", true},
                            {"OK\\z", true},
                            {"OK\\b", true},
                            {"OK\\B", true},
                            {"\\$5", false},
                            {"a\\\\b", false},
                            {"\\\\$", true},
                            {"[$]", true}}) {
    EXPECT_EQ(Pattern::depends_on_end(row.pattern), row.depends) << row.pattern;
  }
}

}  // namespace
}  // namespace tocsin
