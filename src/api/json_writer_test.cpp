#include "api/json_writer.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  JsonWriter json;
  json.begin_object().field("a", true).key("b").begin_list();
  json.number(-1).count(2).begin_object().end_object().null().end_list();
  json.field("c", "x").end_object();
  EXPECT_EQ(json.take(), R"({"a":true,"b":[-1,2,{},null],"c":"x"})");
}

// A text literal must not become true: const char* prefers bool where nobody looks.
TEST(JsonWriter, TextStaysText) {
  JsonWriter json;
  json.begin_object().field("a", "literal").field("b", std::string("text")).end_object();
  EXPECT_EQ(json.take(), R"({"a":"literal","b":"text"})");
}

TEST(JsonWriter, EscapesControlCharactersAndLineSeparators) {
  JsonWriter json;
  json.text("\"\\\n\r\t\x01\x7f \xc2\x85 \xe2\x80\xa8\xe2\x80\xa9 é" + std::string(1, '\0'));
  EXPECT_EQ(json.take(), R"("\"\\\n\r\t\u0001\u007f \u0085 \u2028\u2029 é\u0000")");
}

// Received bytes are anything; JSON must stay valid.
TEST(JsonWriter, ReplacesInvalidUtf8) {
  JsonWriter json;
  json.text(
      "a\xff"
      "b\xc2");
  EXPECT_EQ(json.take(),
            "\"a\xef\xbf\xbd"
            "b\xef\xbf\xbd\"");
}

TEST(JsonWriter, AbsentValuesAreNull) {
  JsonWriter json;
  json.begin_object().us_field("a_us", std::nullopt).us_field("b_us", 1500us);
  json.ms_field("c_ms", 1500us).field("d", std::optional<SystemTime>()).end_object();
  EXPECT_EQ(json.take(), R"({"a_us":null,"b_us":1500,"c_ms":1,"d":null})");
}

TEST(JsonWriter, TimesAreUtcWithMilliseconds) {
  JsonWriter json;
  json.time(SystemTime(1'000'000'000'123'456us));
  EXPECT_EQ(json.take(), R"("2001-09-09T01:46:40.123Z")");
}

}  // namespace
}  // namespace tocsin
