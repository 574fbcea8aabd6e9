#include "api/json_body.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

std::string detail_of(const std::string& body) {
  const auto value = read_json(body);
  return value ? "accepted" : value.error().detail;
}

TEST(ReadJson, KeepsOrderKindsAndTheWritingOfNumbers) {
  const auto value =
      read_json(R"( {"b": [1, -2, 0.50, 1e3], "a": {"t": true, "n": null, "s": "é\n"}} )");
  ASSERT_TRUE(value);
  ASSERT_EQ(value->members.size(), 2u);
  EXPECT_EQ(value->members[0].name, "b");
  const auto& items = value->members[0].value.items;
  ASSERT_EQ(items.size(), 4u);
  EXPECT_EQ(items[0].text, "1");
  EXPECT_EQ(items[1].text, "-2");
  EXPECT_EQ(items[2].text, "0.50");
  EXPECT_EQ(items[3].text, "1e3");
  const BodyValue* const a = value->find("a");
  ASSERT_NE(a, nullptr);
  EXPECT_TRUE(a->find("t")->boolean);
  EXPECT_EQ(a->find("n")->kind, BodyValue::Kind::null);
  EXPECT_EQ(a->find("s")->text, "é\n");
}

// Two readers could take different ones of the twins: refused.
TEST(ReadJson, RefusesDuplicateKeys) {
  EXPECT_EQ(detail_of(R"({"a": 1, "a": 2})"),
            "The body is refused: the key \"a\" stands twice in one object.");
  EXPECT_EQ(detail_of(R"({"a": {"b": 1, "b": 1}})"),
            "The body is refused: the key \"b\" stands twice in one object.");
  EXPECT_EQ(detail_of(R"({"a": 1, "\u0061": 2})"),
            "The body is refused: the key \"a\" stands twice in one object.");
  EXPECT_EQ(detail_of(R"([{"a": 1}, {"a": 2}])"), "accepted");
}

TEST(ReadJson, RefusesWhatIsNotJson) {
  for (const char* body :
       {"", " ", "{", "{\"a\":}", "[1,]", "{\"a\":1,}", "nul", "'a'", "{a:1}", "[1] 2", "// x\n1",
        "[NaN]", "[01]", "[+1]", "\"\x01\"", "\"\\ud800\"", "[1e999]", "\"a"}) {
    const auto value = read_json(body);
    ASSERT_FALSE(value) << body;
    EXPECT_EQ(value.error().status, 400) << body;
    EXPECT_EQ(value.error().code, "invalid_json") << body;
  }
  EXPECT_EQ(detail_of("[1, oops]"), "The body is refused: not JSON at byte 5, near \"1, o\".");
}

TEST(ReadJson, RefusesInvalidUtf8) {
  EXPECT_EQ(detail_of("\"\xff\""), "The body is refused: it is not valid UTF-8.");
  EXPECT_EQ(detail_of("\"\xc0\x80\""), "The body is refused: it is not valid UTF-8.");
}

// Just at the limit it is accepted, one deeper it is not.
TEST(ReadJson, BoundsTheDepth) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(detail_of(nested(kJsonDepthMax)), "accepted");
  EXPECT_EQ(detail_of(nested(kJsonDepthMax + 1)),
            "The body is refused: nested deeper than 32 levels.");
  EXPECT_EQ(detail_of(std::string(kHttpBodyBytesMax, '[')),
            "The body is refused: nested deeper than 32 levels.");
}

TEST(ReadJson, BoundsTheNumberOfValues) {
  std::string list = "[0";
  for (size_t i = 2; i < kJsonNodesMax; ++i) {
    list += ",0";
  }
  EXPECT_EQ(detail_of(list + "]"), "accepted");
  EXPECT_EQ(detail_of(list + ",0]"), "The body is refused: more than 10000 values and keys.");
}

TEST(ReadJson, BoundsStringsAndTheWhole) {
  EXPECT_EQ(detail_of('"' + std::string(kJsonStringBytesMax, 'x') + '"'), "accepted");
  EXPECT_EQ(detail_of('"' + std::string(kJsonStringBytesMax + 1, 'x') + '"'),
            "The body is refused: a string is longer than 196608 bytes.");
  const auto large = read_json(std::string(kHttpBodyBytesMax + 1, ' '));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().status, 413);
}

TEST(ReadJsonObject, NeedsAnObjectAndAJsonType) {
  ApiRequest request{.body = "[]"};
  EXPECT_EQ(read_json_object(request).error().status, 422);
  request.body = "{}";
  EXPECT_TRUE(read_json_object(request));
  request.headers = {{"content-type", "Application/JSON; charset=utf-8"}};
  EXPECT_TRUE(read_json_object(request));
  // A form can be sent by any page of the web; JSON cannot without asking.
  request.headers = {{"content-type", "text/plain"}};
  EXPECT_EQ(read_json_object(request).error().status, 415);
  request = {};
  EXPECT_TRUE(read_json_object(request)) << "no body at all is an empty object";
}

TEST(FieldReader, CollectsEveryMistake) {
  const auto body = read_json(R"({"naem": "x", "scope": 5, "note": "abc"})");
  ASSERT_TRUE(body);
  FieldReader fields(*body, {"name", "scope", "note"});
  EXPECT_FALSE(fields.text("name", 100, true));
  EXPECT_FALSE(fields.text("scope", 100, true));
  EXPECT_FALSE(fields.text("note", 2));
  ASSERT_FALSE(fields.ok());
  const Problem problem = fields.problem();
  EXPECT_EQ(problem.status, 422);
  EXPECT_EQ(problem.detail, "4 fields are invalid.");
  EXPECT_EQ(
      problem.errors,
      (std::vector<FieldProblem>{
          {"/naem", "unknown_field", "There is no field \"naem\" here.", "Did you mean \"name\"?"},
          {"/name", "required", "\"name\" is missing.", ""},
          {"/scope", "wrong_type", "\"scope\" must be text in quotes.", ""},
          {"/note", "too_long", "\"note\" may have 2 bytes at most.", ""}}));
}

}  // namespace
}  // namespace tocsin
