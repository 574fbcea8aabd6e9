#include "base/bytes.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace tocsin {
namespace {

using namespace std::string_literals;

std::string random_bytes(std::mt19937_64& random, size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) {
    bytes += static_cast<char>(random() & 0xFFU);
  }
  return bytes;
}

std::string message_of(const Result<std::string>& result) {
  EXPECT_FALSE(result.has_value());
  if (result.has_value()) {
    return "";
  }
  EXPECT_EQ(result.error().kind, ErrorKind::invalid_input);
  return result.error().message;
}

// --- unescape

TEST(Unescape, ReadsWhatPeopleTypeForRedis) {
  EXPECT_EQ(unescape(R"(PING\r\n)").value(), "PING\r\n");
}

TEST(Unescape, KnowsEveryEscapeOfItsList) {
  EXPECT_EQ(unescape(R"(\r\n\t\0\a\b\f\v\e\\\"\'\x7f\xFF)").value(),
            "\r\n\t\0\a\b\f\v\x1B\\\"'\x7F\xFF"s);
}

TEST(Unescape, LeavesOtherBytesAlone) {
  const std::string bytes = "a\nb\0c\xFFд\" '%{}"s;
  EXPECT_EQ(unescape(bytes).value(), bytes);
}

// \0 is the byte zero and never the beginning of an octal number.
TEST(Unescape, ZeroTakesOneDigitOnly) { EXPECT_EQ(unescape(R"(\012)").value(), "\0"s + "12"); }

TEST(Unescape, HexTakesTwoDigitsOnly) { EXPECT_EQ(unescape(R"(\x414)").value(), "A4"); }

TEST(Unescape, NamesTheUnknownEscapeAndItsPlace) {
  EXPECT_EQ(message_of(unescape(R"(PING\q)")),
            R"("\q" at byte 4 is not an escape (known are \r \n \t \0 \a \b \f \v \e \\ \" \' )"
            R"(\xHH; write \\ for a backslash))");
}

// The message stays valid UTF-8 whatever follows the backslash.
TEST(Unescape, ShowsAWholeLetterAfterTheBackslash) {
  EXPECT_TRUE(message_of(unescape("\\д")).starts_with("\"\\д\" at byte 0 is not an escape"));
  EXPECT_TRUE(message_of(unescape("\\\xFF")).starts_with(R"("\\xFF" at byte 0)"));
}

TEST(Unescape, RefusesHalfAHexEscape) {
  const std::string message = R"("\x" at byte 1 needs two hex digits, for example \x0A)";
  EXPECT_EQ(message_of(unescape(R"(a\x)")), message);
  EXPECT_EQ(message_of(unescape(R"(a\x4)")), message);
  EXPECT_EQ(message_of(unescape(R"(a\x4g)")), message);
}

TEST(Unescape, RefusesALoneBackslashAtTheEnd) {
  EXPECT_TRUE(message_of(unescape("C:\\")).starts_with("the text ends in a lone backslash ("));
}

// --- escape_for_display

TEST(EscapeForDisplay, LettersOfAnyLanguageStay) {
  EXPECT_EQ(escape_for_display("220 mail ready, привет 日本 🙂 \"'"),
            "220 mail ready, привет 日本 🙂 \"'");
}

TEST(EscapeForDisplay, ControlCharactersBecomeEscapes) {
  EXPECT_EQ(escape_for_display("a\r\n\t\0\x1B[31m\x7F\\"s), R"(a\r\n\t\0\x1B[31m\x7F\\)");
}

TEST(EscapeForDisplay, InvalidUtf8BecomesHex) {
  EXPECT_EQ(escape_for_display("\xFFok\xD0"), R"(\xFFok\xD0)");
}

// A received U+202E would turn the rest of a log line around.
TEST(EscapeForDisplay, BidiAndInvisibleCharactersBecomeHex) {
  EXPECT_EQ(escape_for_display("\u202Egpj.exe"), R"(\xE2\x80\xAEgpj.exe)");
  EXPECT_EQ(escape_for_display("\u2066"), R"(\xE2\x81\xA6)");
  EXPECT_EQ(escape_for_display("\u200B"), R"(\xE2\x80\x8B)");
  EXPECT_EQ(escape_for_display("\u2028"), R"(\xE2\x80\xA8)");
  EXPECT_EQ(escape_for_display("\uFEFF"), R"(\xEF\xBB\xBF)");
  EXPECT_EQ(escape_for_display("\xC2\x9B"), R"(\xC2\x9B)");  // C1: CSI of old terminals
}

TEST(EscapeForDisplay, CutsAfterTheGivenInputBytes) {
  EXPECT_EQ(escape_for_display("abcdef", 3), "abc…");
  EXPECT_EQ(escape_for_display("\r\n\r\n", 2), R"(\r\n…)");
  EXPECT_EQ(escape_for_display("abc", 3), "abc");
  EXPECT_EQ(escape_for_display("abc", 0), "…");
  EXPECT_EQ(escape_for_display("", 0), "");
}

TEST(EscapeForDisplay, NeverCutsInsideACharacter) {
  EXPECT_EQ(escape_for_display("aдb", 2), "a…");
  EXPECT_EQ(escape_for_display("aдb", 3), "aд…");
}

// Whatever a server sends: what is shown is valid UTF-8, without control characters, and reads back
// to the same bytes.
TEST(EscapeForDisplay, UnescapeReadsItBack) {
  std::mt19937_64 random(20261);
  for (int round = 0; round < 2000; ++round) {
    const std::string bytes = random_bytes(random, random() % 40);
    const std::string shown = escape_for_display(bytes);
    ASSERT_TRUE(is_valid_utf8(shown));
    for (const char c : shown) {
      ASSERT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7F);
    }
    ASSERT_EQ(unescape(shown).value(), bytes) << shown;
  }
}

// --- hex

TEST(Hex, WritesLowerCasePairs) { EXPECT_EQ(to_hex("\x00\x0AZ\xFF"s), "000a5aff"); }

TEST(Hex, ReadsBothCasesAndSpacesBetweenPairs) {
  EXPECT_EQ(from_hex(" 50 49\t4E4e\n47 ").value(), "PINNG");
  EXPECT_EQ(from_hex("").value(), "");
}

TEST(Hex, RefusesAHalfByte) {
  EXPECT_EQ(message_of(from_hex("50 4")),
            "the hex digit \"4\" at byte 3 has no second one (each byte is two digits, for example "
            "0a)");
  EXPECT_TRUE(message_of(from_hex("5 0")).starts_with("the hex digit \"5\" at byte 0"));
}

TEST(Hex, NamesTheByteThatIsNoDigit) {
  EXPECT_EQ(message_of(from_hex("0x50")),
            "the hex digit \"0\" at byte 0 has no second one (each "
            "byte is two digits, for example 0a)");
  EXPECT_EQ(message_of(from_hex("50zz")),
            "\"z\" at byte 2 is not a hex digit (write pairs, for example \"50 49 4e 47\")");
}

TEST(Hex, ReadsBackWhatItWrote) {
  std::mt19937_64 random(20262);
  for (size_t size = 0; size < 300; ++size) {
    const std::string bytes = random_bytes(random, size);
    ASSERT_EQ(from_hex(to_hex(bytes)).value(), bytes);
  }
}

// --- base64

// RFC 4648 section 10.
TEST(Base64, AgreesWithTheVectorsOfTheRfc) {
  const std::array<std::pair<std::string, std::string>, 7> vectors = {{{"", ""},
                                                                       {"f", "Zg=="},
                                                                       {"fo", "Zm8="},
                                                                       {"foo", "Zm9v"},
                                                                       {"foob", "Zm9vYg=="},
                                                                       {"fooba", "Zm9vYmE="},
                                                                       {"foobar", "Zm9vYmFy"}}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text).value(), bytes);
  }
}

TEST(Base64, ReadsBackWhatItWrote) {
  std::mt19937_64 random(20263);
  for (size_t size = 0; size < 300; ++size) {
    const std::string bytes = random_bytes(random, size);
    ASSERT_EQ(from_base64(to_base64(bytes)).value(), bytes);
  }
}

TEST(Base64, RefusesMissingPadding) {
  EXPECT_EQ(message_of(from_base64("Zg")),
            "base64 comes in groups of four characters, padded with \"=\"; here are 2 characters");
}

TEST(Base64, RefusesTheUrlAlphabet) {
  EXPECT_EQ(message_of(from_base64("ab-_")),
            "\"-\" at byte 2 does not belong to base64 (A-Z a-z 0-9 + /)");
}

TEST(Base64, RefusesPaddingThatIsNotAtTheEnd) {
  EXPECT_EQ(message_of(from_base64("Zg==Zg==")),
            "\"=\" at byte 2 does not belong to base64 (A-Z a-z 0-9 + /)");
  EXPECT_FALSE(from_base64("Z===").has_value());
  EXPECT_FALSE(from_base64("====").has_value());
}

// "Zh==" would decode to the same byte as "Zg==": one secret has one spelling.
TEST(Base64, RefusesLeftOverBits) {
  EXPECT_EQ(message_of(from_base64("Zh==")),
            "the last base64 group has bits left over; the text was cut or mistyped");
}

// --- UTF-8

TEST(Utf8, TheEdgesOfEachLengthAreValid) {
  for (const char* text : {"", "\x7F", "\u0080", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFF",
                           "\U00010000", "\U0010FFFF"}) {
    EXPECT_TRUE(is_valid_utf8(text)) << to_hex(text);
  }
}

TEST(Utf8, WhatTheRfcForbidsIsInvalid) {
  EXPECT_FALSE(is_valid_utf8("\x80"));              // continuation alone
  EXPECT_FALSE(is_valid_utf8("\xC0\x80"));          // overlong zero
  EXPECT_FALSE(is_valid_utf8("\xC1\xBF"));          // overlong
  EXPECT_FALSE(is_valid_utf8("\xE0\x9F\xBF"));      // overlong
  EXPECT_FALSE(is_valid_utf8("\xF0\x8F\xBF\xBF"));  // overlong
  EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));  // above U+10FFFF
  EXPECT_FALSE(is_valid_utf8("\xF5\x80\x80\x80"));
  EXPECT_FALSE(is_valid_utf8("\xE2\x82"));   // cut
  EXPECT_FALSE(is_valid_utf8("\xE2\x82z"));  // broken off
}

TEST(ToValidUtf8, ReplacesEachInvalidByte) {
  EXPECT_EQ(to_valid_utf8("a\xFF\xFE"
                          "b\xE2\x82"),
            "a\uFFFD\uFFFDb\uFFFD\uFFFD");
}

TEST(ToValidUtf8, LeavesValidTextAlone) { EXPECT_EQ(to_valid_utf8("привет\0!"s), "привет\0!"s); }

TEST(ToValidUtf8, IsAlwaysValid) {
  std::mt19937_64 random(20264);
  for (int round = 0; round < 2000; ++round) {
    const std::string text = to_valid_utf8(random_bytes(random, random() % 40));
    ASSERT_TRUE(is_valid_utf8(text));
    ASSERT_EQ(to_valid_utf8(text), text);
  }
}

// --- edit_distance

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(edit_distance("timeout", "timeout"), 0U);
  EXPECT_EQ(edit_distance("timeot", "timeout"), 1U);    // one missing
  EXPECT_EQ(edit_distance("timeouut", "timeout"), 1U);  // one too many
  EXPECT_EQ(edit_distance("timeaut", "timeout"), 1U);   // one wrong
  EXPECT_EQ(edit_distance("tiemout", "timeout"), 1U);   // two swapped
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
}

TEST(EditDistance, IsTheSameBothWays) {
  std::mt19937_64 random(20265);
  for (int round = 0; round < 500; ++round) {
    std::string a;
    std::string b;
    for (size_t i = random() % 9; i > 0; --i) {
      a += static_cast<char>('a' + random() % 3);
    }
    for (size_t i = random() % 9; i > 0; --i) {
      b += static_cast<char>('a' + random() % 3);
    }
    ASSERT_EQ(edit_distance(a, b), edit_distance(b, a)) << a << ' ' << b;
    ASSERT_EQ(edit_distance(a, b) == 0, a == b);
  }
}

TEST(EditDistance, LongWordsAreFarApart) {
  const std::string most(64, 'a');
  EXPECT_EQ(edit_distance(most, most), 0U);
  const std::string longer(65, 'a');
  EXPECT_EQ(edit_distance(longer, longer), 65U);
}

}  // namespace
}  // namespace tocsin
