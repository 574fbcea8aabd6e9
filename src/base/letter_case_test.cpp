#include "base/letter_case.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin {
namespace {

TEST(AsciiLower, LeavesWhatIsNoCapitalOfAscii) {
  EXPECT_EQ(ascii_lower("Content-TYPE [@`{ \xC3\x84"), "content-type [@`{ \xC3\x84");
}

TEST(SameIgnoringAsciiCase, ComparesWholeTexts) {
  EXPECT_TRUE(same_ignoring_ascii_case("Bearer", "bEARER"));
  EXPECT_FALSE(same_ignoring_ascii_case("Bearer", "Bearer "));
  EXPECT_FALSE(same_ignoring_ascii_case("", "x"));
  EXPECT_FALSE(same_ignoring_ascii_case("Ä", "ä"));
}

// A person who types "заказы" means "Заказы".
TEST(FoldCase, KnowsTheCommonAlphabets) {
  EXPECT_EQ(fold_case("Заказы ЁЖ Ђ Я"), "заказы ёж ђ я");
  EXPECT_EQ(fold_case("ÀÖ×ØÞ ß÷"), "àö×øþ ß÷");
  EXPECT_EQ(fold_case("ŁÓDŹ Čeština Ŀ Ň Ŋ"), "łódź čeština ŀ ň ŋ");
  EXPECT_EQ(fold_case("ΑΒΓ ΠΣΩ ς"), "αβγ πσω ς");
}

// Folding twice is folding once, and small letters stay as they are.
TEST(FoldCase, LeavesEveryOtherCharacterOfTwoBytes) {
  for (unsigned c = 0x80; c < 0x800; ++c) {
    const std::string text = {static_cast<char>(0xC0U | (c >> 6U)),
                              static_cast<char>(0x80U | (c & 0x3FU))};
    const std::string folded = fold_case(text);
    EXPECT_EQ(folded.size(), 2u);
    EXPECT_EQ(fold_case(folded), folded) << std::hex << c;
  }
  EXPECT_EQ(fold_case("日本語 İı ĸ ŉ ſ"), "日本語 İı ĸ ŉ ſ");
}

// Bytes of a service may be anything.
TEST(FoldCase, LeavesInvalidBytes) {
  EXPECT_EQ(fold_case("\xD0"), "\xD0");
  EXPECT_EQ(fold_case("\xD0X\x90\xC3"), "\xD0x\x90\xC3");
  EXPECT_EQ(fold_case(""), "");
}

}  // namespace
}  // namespace tocsin
