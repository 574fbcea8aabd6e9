#include "core/pattern_text.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(PatternText, IsAsItWasWritten) {
  EXPECT_EQ(pattern_text(R"(^\d+\\\.)"), R"(^\d+\\\.)");
  EXPECT_EQ(pattern_text("a\nb\x1b[0m\\"), R"(a\nb\x1B[0m\)") << "nothing reaches a terminal raw";
  EXPECT_EQ(pattern_text(R"(\w\w\w)", 4), R"(\w\w…)");
}

}  // namespace
}  // namespace tocsin
