#include "core/quoted_text.h"

#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"

namespace tocsin {
namespace {

// Whatever the bytes, they come back, and the text can be shown and stored as UTF-8.
TEST(QuotedText, EveryByteComesBack) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string bytes = {static_cast<char>(first), static_cast<char>(second)};
      const std::string text = quote_text(bytes);
      ASSERT_TRUE(is_valid_utf8(text));
      const Result<QuotedText> quoted = read_quoted(text + " rest");
      ASSERT_TRUE(quoted) << text;
      ASSERT_EQ(quoted->bytes, bytes);
      ASSERT_EQ(quoted->size, text.size());
    }
  }
}

TEST(QuotedText, ReadsWhatJsonWrites) {
  EXPECT_EQ(read_quoted(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00")")->bytes,
            "\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

TEST(QuotedText, HalfEscapesAreRefused) {
  for (const char* text :
       {R"("\")", R"("\u12")", R"("\x1")", R"("\xg0")", R"("\ud83d")", R"("\ud83dx")",
        R"("\udc00")", R"("\ud83d\u0041")", R"("\q")", R"("\)", R"(")", R"("a)", "a", ""}) {
    EXPECT_FALSE(read_quoted(text)) << text;
  }
}

}  // namespace
}  // namespace tocsin
