#include "notify/safe_text.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// A cut in the middle of a character would make the whole message invalid.
TEST(CutText, NeverCutsInsideACharacter) {
  EXPECT_EQ(cut_text("äöü", 6), "äöü");
  EXPECT_EQ(cut_text("äöüx", 6), "ä…");
  EXPECT_EQ(cut_text("abcdefg", 6), "abc…");
  EXPECT_EQ(cut_text("abcdefg", 2), "");
}

TEST(ShownLine, ControlsAndDirectionMarksBecomeVisible) {
  EXPECT_EQ(shown_line("a\r\nb", 100), "a\\r\\nb");
  EXPECT_EQ(shown_line("\xE2\x80\xAEgnp", 100), "\\xE2\\x80\\xAEgnp");
  EXPECT_EQ(shown_line("caf\xC3\xA9 \xF0\x9F\x94\xA5", 100), "café 🔥");
}

// Excerpts of received bytes come escaped; escaping them twice would make \r\n unreadable.
TEST(ShownLine, EscapedTextStaysAsItIs) {
  EXPECT_EQ(shown_line("220 ok\\r\\n", 100), "220 ok\\r\\n");
}

TEST(ShownLine, IsBounded) {
  EXPECT_LE(shown_line(std::string(100000, '\x01'), 50).size(), 50U);
  EXPECT_EQ(shown_line(std::string(60, 'x'), 50), std::string(47, 'x') + "…");
}

TEST(UtcText, IsWhatAPersonWrites) {
  EXPECT_EQ(utc_text(parse_rfc3339("2026-11-21T15:03:20.9+01:00").value()),
            "2026-11-21 14:03:20 UTC");
}

}  // namespace
}  // namespace tocsin
