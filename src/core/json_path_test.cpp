#include "core/json_path.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.h"
#include "core/assert.h"

namespace tocsin {
namespace {

constexpr const char* kDocument =
    R"({"z":1,"nodes":[{"name":"a","up":true},{"name":"b"}],"a b":"x","length":9,)"
    R"("text":"h\u00e9llo","empty":{},"big":12345678901234567890123,"float":1.50,"deep":[[1,2],[3]],"it's":2})";

struct Row {
  const char* story;
  const char* path;
  std::vector<std::string> values;
};

TEST(JsonPath, ValuesTable) {
  const std::vector<Row> rows = {
      {"a key", "$.z", {"1"}},
      {"a key in single quotes", "$['a b']", {"x"}},
      {"a key in double quotes", "$[\"a b\"]", {"x"}},
      {"a quote in a key", "$['it\\'s']", {"2"}},
      {"a way down", "$.nodes[0].name", {"a"}},
      {"from the end", "$.nodes[-1].name", {"b"}},
      {"all of an array", "$.nodes[*].name", {"a", "b"}},
      {"what some lack adds nothing", "$.nodes[*].up", {"true"}},
      {"all of an object, in the order of the document", "$.nodes[0].*", {"a", "true"}},
      {"all of all, in order", "$.deep[*][*]", {"1", "2", "3"}},
      {"objects come as compact JSON", "$.nodes[1]", {"{\"name\":\"b\"}"}},
      {"numbers as they were written", "$.float", {"1.50"}},
      {"however long", "$.big", {"12345678901234567890123"}},
      {"texts come decoded", "$.text", {"h\xc3\xa9llo"}},
      {"length of an array", "$.nodes.length", {"2"}},
      {"length of a text counts characters", "$.text.length", {"5"}},
      {"length of an object counts members", "$.nodes[0].length", {"2"}},
      {"a key called length wins", "$.length", {"9"}},
      {"in brackets length is only a key", "$.nodes['length']", {}},
      {"a number has no length", "$.z.length", {}},
      {"no such key", "$.none", {}},
      {"no such item", "$.nodes[7]", {}},
      {"nor before the first", "$.nodes[-3]", {}},
      {"an index into an object", "$.empty[0]", {}},
      {"a key of an array", "$.nodes.name", {}},
  };
  for (const Row& row : rows) {
    const auto values = json_path_values(row.path, kDocument);
    ASSERT_TRUE(values) << row.path << ": " << values.error().message;
    EXPECT_EQ(*values, row.values) << row.story;
  }
}

TEST(JsonPath, TheWholeDocument) {
  EXPECT_EQ(*json_path_values("$", " [1, \"a\\n\", null] "),
            std::vector<std::string>{"[1,\"a\\n\",null]"});
  EXPECT_EQ(*json_path_values("$", "\"a\""), std::vector<std::string>{"a"});
}

TEST(JsonPath, OfTwinsTheLastCounts) {
  EXPECT_EQ(*json_path_values("$.a", R"({"a":1,"a":2})"), std::vector<std::string>{"2"});
}

struct ErrorRow {
  const char* path;
  const char* message;
};

TEST(JsonPath, ErrorsNameThePosition) {
  const std::vector<ErrorRow> rows = {
      {"", "the JSON path \"\" is wrong at byte 0: a path begins with \"$\""},
      {"a.b", "the JSON path \"a.b\" is wrong at byte 0: a path begins with \"$\""},
      {"$a", "the JSON path \"$a\" is wrong at byte 1: \".\" or \"[\" is expected"},
      {"$.",
       "the JSON path \"$.\" is wrong at byte 2: a key is expected; write ['...'] for one with "
       "other characters"},
      {"$..a",
       "the JSON path \"$..a\" is wrong at byte 2: \"..\" is not supported; write the whole "
       "way"},
      {"$[a]",
       "the JSON path \"$[a]\" is wrong at byte 2: a number, * or a key in quotes is "
       "expected"},
      {"$[?(@.a)]", "the JSON path \"$[?(@.a)]\" is wrong at byte 2: filters are not supported"},
      {"$[1:2]",
       "the JSON path \"$[1:2]\" is wrong at byte 3: slices and unions are not supported"},
      {"$[1,2]",
       "the JSON path \"$[1,2]\" is wrong at byte 3: slices and unions are not supported"},
      {"$[1", "the JSON path \"$[1\" is wrong at byte 3: \"]\" is expected"},
      {"$['a", "the JSON path \"$['a\" is wrong at byte 4: the closing single quote is missing"},
      {"$['a\\n']",
       "the JSON path \"$['a\\n']\" is wrong at byte 5: only \\' and \\\\ are escapes "
       "between single quotes"},
      {"$[\"a", "the JSON path \"$[\"a\" is wrong at byte 2: the closing double quote is missing"},
      {"$[99999999999999999999]",
       "the JSON path \"$[99999999999999999999]\" is wrong at byte 2: a number, * or a key in "
       "quotes "
       "is expected"},
  };
  for (const ErrorRow& row : rows) {
    const Result<void> checked = check_json_path(row.path);
    ASSERT_FALSE(checked) << row.path;
    EXPECT_EQ(checked.error().message, row.message);
  }
  EXPECT_EQ(check_json_path("$" + std::string(kPatternBytesMax, 'a')).error().message,
            "the JSON path has 1025 bytes; at most 1024 are allowed");
}

TEST(JsonPath, ADocumentThatIsNotJsonSaysWhere) {
  EXPECT_EQ(json_path_values("$", "{\"a\":}").error().message,
            "the document cannot be read: it is not JSON from byte 6 on");
  EXPECT_EQ(json_path_values("$", "{} x").error().message,
            "the document cannot be read: it is not JSON from byte 4 on");
}

// Received bytes choose the depth; ours is the limit.
TEST(JsonPath, DepthIsBounded) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(json_path_values("$", nested(kJsonDepthMax)));
  const auto deeper = json_path_values("$", nested(kJsonDepthMax + 1));
  ASSERT_FALSE(deeper);
  EXPECT_EQ(deeper.error().message,
            "the document cannot be read: it is JSON nested deeper than 32 levels");
}

}  // namespace
}  // namespace tocsin
