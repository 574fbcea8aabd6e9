#include "cli/style.h"

#include <gtest/gtest.h>

#include <map>

namespace tocsin::cli {
namespace {

Environment with(const std::map<std::string, std::string>& values) {
  return [values](const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
}

// The rules that other programs' users know, in their order of strength.
TEST(Style, ColourFollowsFlagThenEnvironmentThenTerminal) {
  EXPECT_TRUE(decide_style(true, false, with({{"TERM", "xterm"}})).color);
  EXPECT_FALSE(decide_style(false, false, with({{"TERM", "xterm"}})).color);
  EXPECT_FALSE(decide_style(true, false, with({{"TERM", "dumb"}})).color);
  EXPECT_FALSE(decide_style(true, false, with({{"NO_COLOR", "1"}, {"FORCE_COLOR", "1"}})).color);
  EXPECT_TRUE(decide_style(true, false, with({{"NO_COLOR", ""}})).color);
  EXPECT_TRUE(decide_style(false, false, with({{"FORCE_COLOR", "1"}})).color);
  EXPECT_TRUE(decide_style(false, false, with({{"CLICOLOR_FORCE", "1"}})).color);
  EXPECT_FALSE(decide_style(false, false, with({{"FORCE_COLOR", "0"}})).color);
  EXPECT_FALSE(decide_style(true, true, with({{"FORCE_COLOR", "1"}})).color);
}

// A terminal that cannot show µ gets u, not a box.
TEST(Style, FallsBackToAsciiOutsideUtf8Locales) {
  EXPECT_TRUE(decide_style(false, false, with({{"LANG", "de_DE.UTF-8"}})).utf8);
  EXPECT_FALSE(decide_style(false, false, with({{"LANG", "C.UTF-8"}, {"LC_ALL", "C"}})).utf8);
  EXPECT_FALSE(decide_style(false, false, with({})).utf8);
  EXPECT_EQ(fit_charset(Style{.utf8 = false}, "✓ 312 µs …"), "ok 312 us ...");
  EXPECT_EQ(fit_charset(Style{.utf8 = true}, "✓ 312 µs …"), "✓ 312 µs …");
}

TEST(Style, PaintsOnlyWhereColourIsOn) {
  EXPECT_EQ(paint(Style{.color = true}, Tone::bad, "x"), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(paint(Style{.color = false}, Tone::bad, "x"), "x");
}

// Columns are counted in characters: é takes two bytes and one column.
TEST(Style, PadsByCharacters) {
  EXPECT_EQ(pad_right("é", 3), "é  ");
  EXPECT_EQ(pad_right("long", 2), "long");
}

}  // namespace
}  // namespace tocsin::cli
