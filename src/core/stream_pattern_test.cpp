#include "core/stream_pattern.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

struct Row {
  const char* regex;
  const char* text;
  std::optional<size_t> met;  // for good, and where
  bool at_end;                // met when nothing follows
};

// What later bytes can undo is not met for good; what they cannot, is, at the first byte that makes
// it so.
TEST(StreamPattern, MetForGood) {
  const std::optional<size_t> no;
  for (const Row& row : {
           Row{"220", "220 hi", 3, true},
           Row{"220", "hi 220", 6, true},
           Row{"22.*", "220 hi", 2, true},
           Row{"hi$", "220 hi", no, true},
           Row{"hi$", "220 hi\n", 7, true},
           Row{"hi\\z", "220 hi\n", no, false},
           Row{"hi\\b", "hi", no, true},
           Row{"hi\\b", "hi,", 3, true},
           Row{"hi\\b", "his", no, false},
           Row{"hi\\B", "hi", no, false},
           Row{"hi\\B", "his", 3, true},
           Row{"^220", "x220", no, false},
           Row{"^220", "x\n220", 5, true},
           Row{"a$|b", "ab", 2, true},
           Row{"[$]", "$", 1, true},
           Row{"\\$", "$", 1, true},
           Row{"x*", "", no, false},
           Row{"x*", "y", 1, true},
       }) {
    const StreamPattern pattern = StreamPattern::regex(row.regex);
    EXPECT_EQ(pattern.met_for_good(row.text), row.met) << row.regex << " on " << row.text;
    EXPECT_EQ(pattern.met_at_end(row.text), row.at_end) << row.regex << " on " << row.text;
  }
}

// A literal means its bytes, whatever they are to a regular expression.
TEST(StreamPattern, LiteralMeansItsBytes) {
  EXPECT_EQ(StreamPattern::literal("+OK.$").met_for_good("-- +OK.$ --"), 8U);
  EXPECT_EQ(StreamPattern::literal("+OK.$").met_for_good("+OK!$"), std::nullopt);
  EXPECT_EQ(StreamPattern::literal(std::string_view("\0\xff", 2))
                .met_for_good(std::string_view("a\0\xff", 3)),
            3U);
}

TEST(StreamPattern, SaysWhenItIsNone) {
  const StreamPattern broken = StreamPattern::regex("(");
  EXPECT_FALSE(broken.is_valid());
  EXPECT_EQ(broken.met_for_good("("), std::nullopt);
  EXPECT_FALSE(broken.met_at_end("("));
}

TEST(StreamPattern, IsShownSafely) {
  EXPECT_EQ(StreamPattern::literal("+OK\r\n").shown(), "\"+OK\\r\\n\"");
  EXPECT_EQ(StreamPattern::regex("^220").shown(), "/^220/");
  EXPECT_LT(StreamPattern::regex(std::string(500, 'a')).shown().size(), 80U);
}

}  // namespace
}  // namespace tocsin
