#include "api/merge_patch.h"

#include <gtest/gtest.h>

#include "api/json_writer.h"

namespace tocsin {
namespace {

void write(JsonWriter& json, const BodyValue& value) {
  switch (value.kind) {
    case BodyValue::Kind::null:
      json.null();
      return;
    case BodyValue::Kind::boolean:
      json.boolean(value.boolean);
      return;
    case BodyValue::Kind::number:
      json.raw(value.text);
      return;
    case BodyValue::Kind::text:
      json.text(value.text);
      return;
    case BodyValue::Kind::list:
      json.begin_list();
      for (const BodyValue& item : value.items) {
        write(json, item);
      }
      json.end_list();
      return;
    case BodyValue::Kind::object:
      json.begin_object();
      for (const BodyMember& member : value.members) {
        json.key(member.name);
        write(json, member.value);
      }
      json.end_object();
      return;
  }
}

std::string text_of(const BodyValue& value) {
  JsonWriter json;
  write(json, value);
  return json.take();
}

struct Row {
  const char* original;
  const char* patch;
  const char* result;
};

// Appendix A of RFC 7396, row by row.
TEST(MergePatch, DoesWhatTheTableOfTheRfcSays) {
  const Row rows[] = {
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", R"({})"},
      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
      {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
      {R"({"a":"foo"})", R"(null)", R"(null)"},
      {R"({"a":"foo"})", R"("bar")", R"("bar")"},
      {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
      {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
      {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
  };
  for (const Row& row : rows) {
    const auto original = read_json(row.original), patch = read_json(row.patch);
    ASSERT_TRUE(original && patch) << row.original << row.patch;
    EXPECT_EQ(text_of(merge_patch(*original, *patch)), row.result) << row.patch;
  }
}

}  // namespace
}  // namespace tocsin
