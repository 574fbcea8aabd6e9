#include "config/excerpt.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// Messages end up in terminals, logs and chats: no value behind a secret key may be in them.
TEST(Excerpt, HidesWhatStandsBehindASecretKey) {
  EXPECT_EQ(safe_line("  secret: hunter2", 1), "  secret: ***");
  EXPECT_EQ(safe_line("{ url: \"https://u:p@h/\", to: x }", 1), "{ url: ***");
  EXPECT_EQ(safe_line("{ \"PassWord\" : hunter2 }", 1), "{ \"PassWord\" : ***");
  EXPECT_EQ(safe_line("public_url: https://status.example.com", 1),
            "public_url: https://status.example.com");
}

// A connection string pasted where only host and port belong.
TEST(Excerpt, HidesLogins) {
  EXPECT_EQ(safe_line("target: redis://:hunter2@cache:6379", 1), "target: ***");
  EXPECT_EQ(safe_line("{ target: \"u:hunter2@cache\" }", 1), "{ target: \" ***");
  EXPECT_EQ(safe_line("to: [a@example.com]", 1), "to: [a@example.com]");
}

// The value may stand below its key, as a block of text or as the entries of a map.
TEST(Excerpt, HidesTheLinesBelowASecretKey) {
  const std::string_view text =
      "a:\n"
      "  secret: |\n"
      "    hunter2\n"
      "\n"
      "    hunter3\n"
      "  name: shown\n"
      "  headers:\n"
      "    X-Key: hunter4\n"
      "    X-Long:\n"
      "      - hunter5\n"
      "b: shown too\n";
  EXPECT_EQ(safe_line(text, 3), "    ***");
  EXPECT_EQ(safe_line(text, 5), "    ***");
  EXPECT_EQ(safe_line(text, 6), "  name: shown");
  EXPECT_EQ(safe_line(text, 8), "    X-Key: ***");
  EXPECT_EQ(safe_line(text, 10), "      - ***");
  EXPECT_EQ(safe_line(text, 11), "b: shown too");
}

// A key that opens a map in the same line hides nothing by itself.
TEST(Excerpt, ShowsAKeyWithoutAValue) { EXPECT_EQ(safe_line("  headers:", 1), "  headers:"); }

// A file can be made to look like another by characters that do not show.
TEST(Excerpt, ReplacesWhatDoesNotShow) {
  EXPECT_EQ(safe_line("a\tb\x01\x7F\xFF c", 1), "a b??? c");
  EXPECT_EQ(safe_line("name: a\xE2\x80\xAE"
                      "b",
                      1),
            "name: a?b");
  EXPECT_EQ(safe_line("text: \"PING\\r\\n\" é", 1), "text: \"PING\\r\\n\" é");
}

TEST(Excerpt, IsAtMost200Bytes) {
  EXPECT_EQ(safe_line(std::string(300, 'a'), 1).size(), 200U);
  EXPECT_LE(safe_line("secret: " + std::string(300, 'a'), 1).size(), 200U);
  EXPECT_LE(safe_line(std::string(196, ' ') + "secret: x", 1).size(), 200U);
  std::string wide;
  while (wide.size() < 300) {
    wide += "é";
  }
  EXPECT_EQ(safe_line("a" + wide, 1).size(), 199U);
  // Where the mask needs room a character is left out, not cut: found by the fuzz target.
  EXPECT_LE(safe_line(wide.substr(0, 196) + " secret: x", 1).size(), 200U);
  EXPECT_LE(safe_line("a" + wide.substr(0, 196) + " secret: x", 1).size(), 200U);
}

TEST(Excerpt, FindsLinesOfEveryKindOfFile) {
  EXPECT_EQ(safe_line("a\r\nb\r\n", 2), "b");
  EXPECT_EQ(safe_line("a\nb", 2), "b");
  EXPECT_EQ(safe_line("a\n", 7), "");
  EXPECT_EQ(safe_line("", 1), "");
}

// Editors count characters, the parser counts bytes.
TEST(Excerpt, ColumnsAreCharacters) {
  EXPECT_EQ(character_column("é: x", 1, 5), 4);
  EXPECT_EQ(character_column("é: x", 1, 100), 5);
  EXPECT_EQ(character_column("", 1, 1), 1);
}

}  // namespace
}  // namespace tocsin
