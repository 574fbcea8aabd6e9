#include "store/json_tape.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace tocsin::stored {
namespace {

// The value at `place` as the other parser's, so that both can be compared.
nlohmann::json tree_of(const JsonTape& tape, uint32_t place) {
  const TapeValue& value = tape.at(place);
  switch (value.kind) {
    case TapeKind::text:
      return tape.text(place);
    case TapeKind::list: {
      auto list = nlohmann::json::array();
      for (uint32_t item = place + 1; item < value.next; item = tape.at(item).next) {
        list.push_back(tree_of(tape, item));
      }
      return list;
    }
    case TapeKind::object: {
      auto object = nlohmann::json::object();
      for (uint32_t key = place + 1; key < value.next; key = tape.at(key + 1).next) {
        object[tape.text(key)] = tree_of(tape, key + 1);
      }
      return object;
    }
    default:
      return nlohmann::json::parse(tape.written(place));
  }
}

std::string deep(size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

// Each text with every byte left out once, and with every byte made another: whatever comes of it,
// another parser must think the same.
TEST(JsonTape, ReadsAsAnotherParserDoes) {
  const std::string texts[] = {
      R"({"a":1,"b":[true,false,null,{}],"c":{"d":"e","f":[]},"g":-0.5e+3})",
      R"( [ "\u00e9\n\"\\\/\b\f\r\t" , "\ud83d\ude00" , "é€😀" ,  0 , -12 , 1E5 ] )",
      R"("text")",
      "17",
  };
  size_t whole = 0;
  const auto compare = [&](const std::string& text) {
    const auto other = nlohmann::json::parse(text, nullptr, false);
    const std::optional<JsonTape> tape = JsonTape::parse(text);
    ASSERT_EQ(tape.has_value(), !other.is_discarded()) << text;
    if (tape) {
      ++whole;
      EXPECT_EQ(tree_of(*tape, 0), other) << text;
    }
  };
  for (const std::string& text : texts) {
    compare(text);
    for (size_t at = 0; at < text.size(); ++at) {
      compare(text.substr(0, at));
      compare(std::string(text).erase(at, 1));
      for (const char c : {'\x01', '"', '\\', '}', ']', ',', ':', '0', 'u', '-', '\x1f', '\x80'}) {
        std::string changed = text;
        changed[at] = c;
        compare(changed);
      }
    }
  }
  EXPECT_GT(whole, 100U);
}

// The other one takes it for the end.
TEST(JsonTape, RefusesAZeroByte) { EXPECT_FALSE(JsonTape::parse(std::string_view("17\0", 3))); }

TEST(JsonTape, RefusesWhatIsNestedTooDeep) {
  EXPECT_TRUE(JsonTape::parse(deep(32)));
  EXPECT_FALSE(JsonTape::parse(deep(33)));
}

// Control characters, quotes and letters of every size come back as they were.
TEST(JsonTape, GivesBackEveryTextThatWasWritten) {
  std::string value = "é€😀\"\\/";
  for (char c = 0; c < 0x20; ++c) {
    value += c;
  }
  std::string written;
  append_stored_text(written, value);
  const std::optional<JsonTape> tape = JsonTape::parse(written);
  ASSERT_TRUE(tape) << written;
  EXPECT_EQ(tape->text(0), value);
}

}  // namespace
}  // namespace tocsin::stored
